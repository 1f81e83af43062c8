package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Batches of metrics become columns, and again just the payload that they were.
final class ColumnarTest {
  private final RandomGenerator random = Seeds.random("ColumnarTest");
  private final RandomMetrics metrics = new RandomMetrics(random);

  @Test
  void restoresEveryPayloadByteForByte() {
    int columnar = 0;
    for (int i = 0; i < 500; i++) {
      String contentType = metrics.contentType();
      List<Message> messages = new ArrayList<>();
      int count = 1 + random.nextInt(12);
      for (int j = 0; j < count; j++) {
        messages.add(metrics.next(contentType));
      }

      Batch plain = batch(messages, new BatchBuilder(1 << 20), 0);
      Batch packed = batch(messages, new BatchBuilder(1 << 20, true), 1);

      assertThat(packed.rawLength()).isEqualTo(plain.rawLength());
      assertThat(restored(packed)).isEqualTo(plain.payload());
      columnar += packed.codec() == Codec.COLUMNAR_ZSTD ? 1 : 0;
    }
    assertThat(columnar).isGreaterThan(100);
  }

  @Test
  void leavesOtherMessagesAmongTheMetricsAsTheyAre() {
    RandomMessages others = new RandomMessages(random);
    int columnar = 0;
    for (int i = 0; i < 500; i++) {
      List<Message> messages = new ArrayList<>();
      for (int j = 0; j < 15; j++) {
        messages.add(
            switch (random.nextInt(5)) {
              case 0 -> others.next();
              case 1 -> others.next().withContentType(metrics.contentType());
              default -> metrics.next(metrics.contentType());
            });
      }

      Batch packed = batch(messages, new BatchBuilder(1 << 20, true), 1);

      assertThat(BatchReader.read(packed)).isEqualTo(messages);
      columnar += packed.codec() == Codec.COLUMNAR_ZSTD ? 1 : 0;
    }
    assertThat(columnar).isGreaterThan(50);
  }

  @Test
  void restoresWithEveryPartOfAMessage() {
    RandomMessages all = new RandomMessages(random);
    int columnar = 0;
    for (int i = 0; i < 300; i++) {
      List<Message> messages = new ArrayList<>();
      for (int j = 0; j < 20; j++) {
        Message metric = metrics.next(metrics.contentType());
        Message other = all.next().withContentType(metric.contentType());
        messages.add(
            new Message(
                other.topic(),
                other.key(),
                other.timeMicros(),
                other.headers(),
                metric.contentType(),
                other.id(),
                metric.body(),
                other.ttl(),
                other.delay(),
                other.priority()));
      }

      Batch packed = batch(messages, new BatchBuilder(1 << 20, true), 1);

      assertThat(BatchReader.read(packed)).isEqualTo(messages);
      columnar += packed.codec() == Codec.COLUMNAR_ZSTD ? 1 : 0;
    }
    assertThat(columnar).isGreaterThan(20);
  }

  /// One long number makes eight planes of lines of seven bytes, which compress well; a decoder
  /// refuses columns that are longer than what they stand for.
  @Test
  void writesNoColumnsThatAreLongerThanTheirRows() {
    StringBuilder lines = new StringBuilder("a 999999999999999999\n");
    for (int value = 1_000; value < 10_000; value++) {
      lines.append("a ").append(value).append('\n');
    }
    List<Message> messages =
        List.of(Message.of("metrics/a", lines.toString()).withContentType(RandomMetrics.TEXT));

    assertThat(BatchReader.read(batch(messages, new BatchBuilder(1 << 20, true), 1)))
        .isEqualTo(messages);
  }

  static Batch batch(List<Message> messages, BatchBuilder builder, int level) {
    messages.forEach(message -> assertThat(builder.add(message)).isTrue());
    return builder.build(level, Bytes.EMPTY);
  }

  private static Bytes restored(Batch batch) {
    return Compression.restore(batch.codec(), batch.payload(), batch.rawLength());
  }
}
