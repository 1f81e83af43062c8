package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches of metrics that came as columns are judged, counted, selected and deduplicated as any
/// others.
final class ColumnarBatchTest {
  private static final int COUNT = 20;

  @TempDir Path directory;

  private static Message scrape(int round) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("up{host=\"").append(i).append("\"} 0.").append(1 + (i + round) % 9);
      text.append(" 17672256").append(10 + round).append("000\n");
    }
    return Message.of(round % 4 == 0 ? "metrics/few" : "metrics/many", text.toString())
        .withContentType("text/plain; version=0.0.4")
        .withId(Bytes.utf8("id-" + round));
  }

  private static Batch columns(int from, int to) {
    BatchBuilder builder = new BatchBuilder(1 << 20, true);
    IntStream.range(from, to).mapToObj(ColumnarBatchTest::scrape).forEach(builder::add);
    Batch batch = builder.build(1, Bytes.EMPTY);
    assertThat(batch.codec()).isEqualTo(Codec.COLUMNAR_ZSTD);
    return batch;
  }

  private static List<String> bodies(int from, int to, int step) {
    return IntStream.range(from, to)
        .filter(i -> i % step == 0)
        .mapToObj(i -> scrape(i).body().utf8())
        .toList();
  }

  @Test
  void passesThemOnAsTheyAre() {
    try (Core core = Core.in(directory)) {
      Batch batch = columns(0, COUNT);
      core.publish(batch);

      Recorder reader = core.read("metrics/#", new Start.First());

      assertThat(reader.bodies()).isEqualTo(bodies(0, COUNT, 1));
      Batch delivered = reader.deliveries().getFirst().batch();
      assertThat(delivered.codec()).isEqualTo(Codec.COLUMNAR_ZSTD);
      assertThat(delivered.payload()).isEqualTo(batch.payload());
      assertThat(core.broker.topics(TopicFilter.ALL, 10).topics())
          .extracting(TopicStatistics::messages)
          .containsExactly(5L, 15L);
    }
  }

  @Test
  void makesRowsOnceForSubscribersThatDoNotKnowColumns() {
    try (Core core = Core.in(directory)) {
      core.publish(columns(0, COUNT));
      SubscriptionRequest request =
          new SubscriptionRequest(
              List.of(TopicFilter.parse("metrics/#")), new Start.First(), true, false);
      Recorder reader = new Recorder();
      core.broker.subscribe(request, reader).grant(Long.MAX_VALUE);
      reader.awaitEnd();

      assertThat(reader.bodies()).isEqualTo(bodies(0, COUNT, 1));
      assertThat(reader.deliveries().getFirst().batch().codec()).isEqualTo(Codec.ZSTD);
    }
  }

  @Test
  void selectsFromThem() {
    try (Core core = Core.in(directory)) {
      core.publish(columns(0, COUNT));

      assertThat(core.bodies("metrics/few")).isEqualTo(bodies(0, COUNT, 4));
    }
  }

  @Test
  void leavesOutWhatIsStoredAlready() {
    try (Core core = Core.in(directory)) {
      core.publish(columns(0, COUNT));
      core.publish(columns(COUNT / 2, 2 * COUNT));

      assertThat(core.bodies("#")).isEqualTo(bodies(0, 2 * COUNT, 1));
    }
  }

  @Test
  void refusesWhatDoesNotDecode() {
    try (Core core = Core.in(directory)) {
      Batch good = columns(0, COUNT);
      Bytes cut = good.payload().slice(0, good.payload().length() - 9);
      Bytes header = good.header();
      int raw = good.rawLength();
      List<Batch> bad =
          List.of(
              new Batch(good.codec(), COUNT, raw, header, cut),
              new Batch(good.codec(), COUNT - 1, raw, header, good.payload()),
              new Batch(good.codec(), COUNT, raw - 1, header, good.payload()),
              new Batch(Codec.ZSTD, COUNT, raw, header, good.payload()));

      for (Batch batch : bad) {
        assertThat(core.offer(batch).failure().code()).isEqualTo(ErrorCode.MALFORMED);
      }
      assertThat(core.bodies("#")).isEmpty();
    }
  }
}
