package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class BatchScanTest {
  private static final int INPUTS = 50_000;

  private final RandomGenerator random = Seeds.random("BatchScanTest");
  private final byte[] scratch = new byte[8 << 10];

  @Test
  void tellsHowMessagesDivideOverTopics() {
    for (Batch batch : batches()) {
      BatchHeader header = BatchHeader.decode(batch.header());

      BatchScan scan = BatchScan.of(batch, header, scratch);

      List<Message> messages = BatchReader.read(batch);
      for (int i = 0; i < header.topics().size(); i++) {
        String topic = header.topics().get(i);
        List<Message> own = messages.stream().filter(m -> m.topic().equals(topic)).toList();
        assertThat(scan.count(i)).isEqualTo(own.size());
        assertThat(scan.bodyBytes(i))
            .isEqualTo(own.stream().mapToLong(m -> m.body().length()).sum());
      }
      assertThat(scan.hasTtl()).isEqualTo(messages.stream().anyMatch(m -> !m.ttl().isZero()));
      assertThat(scan.hasDelay()).isEqualTo(messages.stream().anyMatch(m -> !m.delay().isZero()));
    }
  }

  @Test
  void acceptsOnlyWhatDecodes() {
    List<Batch> good = batches();
    ByteMutator payloads =
        new ByteMutator(random, good.stream().map(b -> b.payload().toArray()).toList());
    int accepted = 0;
    for (int i = 0; i < INPUTS; i++) {
      Batch batch = good.get(random.nextInt(good.size()));
      Bytes payload = Bytes.wrap(payloads.next());
      int rawLength = batch.codec() == Codec.NONE ? payload.length() : batch.rawLength();
      Batch damaged = new Batch(batch.codec(), batch.count(), rawLength, batch.header(), payload);
      if (isAccepted(damaged)) {
        assertThat(BatchReader.read(damaged)).hasSize(damaged.count());
        accepted++;
      }
    }

    assertThat(accepted).isBetween(INPUTS / 1000, INPUTS * 9 / 10);
  }

  @Test
  void acceptsTheLargestHeaders() {
    BatchBuilder builder = new BatchBuilder(64 << 10);
    builder.add(Message.of("a", "x").withHeaders(Map.of("n", "v".repeat(16_000))));
    Batch batch = builder.build(1, Bytes.EMPTY);

    BatchScan scan = BatchScan.of(batch, BatchHeader.decode(batch.header()), scratch);

    assertThat(scan.count(0)).isEqualTo(1);
  }

  @Test
  void refusesWhatOneMessageTooManyClaims() {
    BatchBuilder builder = new BatchBuilder(1 << 10);
    builder.add(Message.of("a", "x").withTtl(Duration.ofSeconds(1)));
    Batch batch = builder.build(0, Bytes.EMPTY);
    Batch claimed = new Batch(Codec.NONE, 2, batch.rawLength(), batch.header(), batch.payload());

    assertThatThrownBy(() -> BatchScan.of(claimed, BatchHeader.decode(batch.header()), scratch))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("ends inside a message");
  }

  private boolean isAccepted(Batch batch) {
    try {
      BatchScan.of(batch, BatchHeader.decode(batch.header()), scratch);
      return true;
    } catch (WeirException _) {
      return false;
    }
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
      batches.add(builder.build(i % 2, Bytes.EMPTY));
    }
    return batches;
  }
}
