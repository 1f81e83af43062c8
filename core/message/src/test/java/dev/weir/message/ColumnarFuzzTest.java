package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Nearly good columns, damaged behind the compression so that zstd does not find it first: they
/// are restored to the announced length, or refused.
final class ColumnarFuzzTest {
  private static final int INPUTS = 12_000;

  private final RandomGenerator random = Seeds.random("ColumnarFuzzTest");

  @Test
  void restoresOrRefusesDamagedColumns() {
    List<Batch> good = batches(40);
    List<byte[]> columns = good.stream().map(ColumnarFuzzTest::columns).toList();
    int accepted = 0;
    for (int i = 0; i < INPUTS; i++) {
      int at = random.nextInt(good.size());
      byte[] other = columns.get(random.nextInt(good.size()));
      byte[] damaged = new ByteMutator(random, List.of(columns.get(at), other)).next();
      Batch batch = good.get(at);
      try {
        Bytes raw = Compression.restore(batch.codec(), payload(damaged), batch.rawLength());
        assertThat(raw.length()).isEqualTo(batch.rawLength());
        accepted++;
      } catch (WeirException e) {
        assertThat(e.code())
            .isIn(ErrorCode.MALFORMED, ErrorCode.DECOMPRESSION_REFUSED, ErrorCode.TOO_LARGE);
      }
    }
    assertThat(accepted).isBetween(INPUTS / 1000, INPUTS / 2);
  }

  @Test
  void readsOrRefusesDamagedPayloads() {
    for (Batch batch : batches(20)) {
      ByteMutator mutator = new ByteMutator(random, List.of(batch.payload().toArray()));
      for (int i = 0; i < 200; i++) {
        Bytes damaged = Bytes.wrap(mutator.next());
        try {
          BatchReader.read(
              new Batch(batch.codec(), batch.count(), batch.rawLength(), batch.header(), damaged));
        } catch (WeirException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }

  @Test
  void refusesColumnsCutAnywhere() {
    for (Batch batch : batches(6)) {
      byte[] columns = columns(batch);
      for (int length = 0; length < columns.length; length += 1 + random.nextInt(7)) {
        Bytes cut = payload(Arrays.copyOf(columns, length));
        assertRefused(cut, batch.rawLength(), ErrorCode.MALFORMED);
      }
    }
  }

  @Test
  void refusesAnotherLength() {
    for (Batch batch : batches(20)) {
      assertRefused(batch.payload(), batch.rawLength() - 1, ErrorCode.MALFORMED);
      assertRefused(batch.payload(), batch.rawLength() + 1, ErrorCode.MALFORMED);
    }
  }

  @Test
  void refusesBombs() {
    byte[] zeroes = new byte[16 << 20];

    assertRefused(payload(new byte[100]), 16 << 20, ErrorCode.DECOMPRESSION_REFUSED);
    assertRefused(payload(zeroes), 1 << 20, ErrorCode.MALFORMED);
    assertRefused(Bytes.wrap(new byte[3]), 100, ErrorCode.MALFORMED);
    assertRefused(Bytes.wrap(new byte[4]), 100, ErrorCode.MALFORMED);
  }

  private static void assertRefused(Bytes payload, long rawLength, ErrorCode code) {
    assertThatThrownBy(() -> Compression.restore(Codec.COLUMNAR_ZSTD, payload, rawLength))
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static byte[] columns(Batch batch) {
    ByteBuffer payload = batch.payload().buffer().order(ByteOrder.LITTLE_ENDIAN);
    int length = payload.getInt();
    byte[] frames = new byte[payload.remaining()];
    payload.get(frames);
    return Zstd.decompress(frames, length);
  }

  private static Bytes payload(byte[] columns) {
    Bytes frame = Compression.zstd(columns, columns.length, 1);
    ByteBuffer payload = ByteBuffer.allocate(4 + frame.length()).order(ByteOrder.LITTLE_ENDIAN);
    payload.putInt(columns.length);
    frame.copyTo(payload);
    return Bytes.wrap(payload.array());
  }

  private List<Batch> batches(int count) {
    RandomMetrics metrics = new RandomMetrics(random);
    RandomMessages others = new RandomMessages(random);
    List<Batch> batches = new ArrayList<>();
    while (batches.size() < count) {
      List<Message> messages = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean isOther = random.nextInt(6) == 0;
        messages.add(isOther ? others.next() : metrics.next(metrics.contentType()));
      }
      Batch batch = ColumnarTest.batch(messages, new BatchBuilder(1 << 20, true), 1);
      if (batch.codec() == Codec.COLUMNAR_ZSTD) {
        batches.add(batch);
      }
    }
    return batches;
  }
}
