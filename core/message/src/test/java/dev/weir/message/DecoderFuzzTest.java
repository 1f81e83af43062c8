package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Nearly good input: every decoder returns or throws a [WeirException], and holds no more than its
/// limits allow.
final class DecoderFuzzTest {
  private static final int INPUTS = 100_000;

  private final RandomGenerator random = Seeds.random("DecoderFuzzTest");
  private int accepted;
  private int refused;

  @Test
  void readsOrRefusesDamagedBatches() {
    List<Batch> good = batches();
    ByteMutator payloads =
        new ByteMutator(random, good.stream().map(b -> b.payload().toArray()).toList());
    ByteMutator headers =
        new ByteMutator(random, good.stream().map(b -> b.header().toArray()).toList());

    for (int i = 0; i < INPUTS; i++) {
      Batch batch = good.get(random.nextInt(good.size()));
      boolean isPayloadDamaged = random.nextInt(3) > 0;
      boolean isHeaderDamaged = !isPayloadDamaged || random.nextBoolean();
      Bytes payload = isPayloadDamaged ? Bytes.wrap(payloads.next()) : batch.payload();
      Bytes header = isHeaderDamaged ? Bytes.wrap(headers.next()) : batch.header();
      int rawLength = batch.codec() == Codec.NONE ? payload.length() : batch.rawLength();
      Batch damaged = new Batch(batch.codec(), 1 + random.nextInt(20), rawLength, header, payload);
      attempt(() -> assertThat(BatchReader.read(damaged)).hasSize(damaged.count()));
    }

    assertThat(accepted).isGreaterThan(INPUTS / 1000);
    assertThat(refused).isGreaterThan(INPUTS / 10);
  }

  @Test
  void readsOrRefusesDamagedHeaders() {
    ByteMutator mutator =
        new ByteMutator(random, batches().stream().map(b -> sourced(b).toArray()).toList());

    for (int i = 0; i < INPUTS; i++) {
      Bytes damaged = Bytes.wrap(mutator.next());
      attempt(() -> BatchHeader.decode(damaged).encode());
    }

    assertThat(accepted).isGreaterThan(INPUTS / 100);
    assertThat(refused).isGreaterThan(INPUTS / 10);
  }

  @Test
  void readsOrRefusesDamagedZstdFrames() {
    List<byte[]> good = new ArrayList<>();
    for (int length : new int[] {0, 10, 1000, 20_000}) {
      byte[] raw = new byte[length];
      random.nextBytes(raw);
      good.add(Compression.zstd(new byte[length], length, 3).toArray());
      good.add(Compression.zstd(raw, length, 1).toArray());
    }
    ByteMutator mutator = new ByteMutator(random, good);

    for (int i = 0; i < INPUTS; i++) {
      Bytes damaged = Bytes.wrap(mutator.next());
      attempt(() ->
          assertThat(Compression.restoreSelfSized(damaged).length())
              .isLessThanOrEqualTo(Compression.MAX_RAW_BYTES));
    }

    assertThat(accepted).isGreaterThan(INPUTS / 100);
    assertThat(refused).isGreaterThan(INPUTS / 10);
  }

  private void attempt(Runnable decode) {
    try {
      decode.run();
      accepted++;
    } catch (WeirException e) {
      assertThat(e.getMessage()).isNotBlank();
      refused++;
    }
  }

  private static Bytes sourced(Batch batch) {
    return BatchHeader.withSource(new BatchSource("edge", 7), batch.header());
  }

  private List<Batch> batches() {
    RandomMessages source = new RandomMessages(random);
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      BatchBuilder builder = new BatchBuilder(4 << 10);
      int count = 1 + random.nextInt(10);
      for (int j = 0; j < count; j++) {
        builder.add(source.next());
      }
      batches.add(builder.build(i % 2, Bytes.utf8("origin")));
    }
    return batches;
  }
}
