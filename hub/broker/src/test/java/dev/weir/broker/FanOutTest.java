package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many subscriptions with many kinds of filters.
final class FanOutTest {
  private static final List<String> LEVELS = List.of("a", "b", "", "ü");
  private static final List<String> FILTERS =
      List.of(
          "#", "+", "a", "a/#", "a/+", "+/b", "+/+", "a/+/b", "a/b/#", "+/+/#", "/#", "/+", "ü/+",
          "a//b", "+/b/+");

  @TempDir Path directory;

  private static String topic(RandomGenerator random) {
    StringBuilder topic = new StringBuilder(LEVELS.get(random.nextInt(LEVELS.size())));
    int more = random.nextInt(3);
    for (int i = 0; i < more; i++) {
      topic.append('/').append(LEVELS.get(random.nextInt(LEVELS.size())));
    }
    return topic.isEmpty() ? "a" : topic.toString();
  }

  @Test
  void everySubscriptionGetsWhatItsFilterMatchesLiveAndStored() {
    RandomGenerator random = Seeds.random("FanOutTest");
    try (Core core = Core.in(directory)) {
      List<Recorder> live = new ArrayList<>();
      for (String filter : FILTERS) {
        live.add(core.subscribe(filter, new Start.Live(), Long.MAX_VALUE));
      }
      List<Message> published = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        List<Message> batch = new ArrayList<>();
        for (int j = random.nextInt(6); j >= 0; j--) {
          batch.add(Message.of(topic(random), Integer.toString(published.size() + batch.size())));
        }
        core.publish(Batches.of(i % 2, batch));
        published.addAll(batch);
      }

      for (int i = 0; i < FILTERS.size(); i++) {
        TopicFilter filter = TopicFilter.parse(FILTERS.get(i));
        List<String> expected =
            published.stream()
                .filter(message -> filter.test(message.topic()))
                .map(message -> message.body().utf8())
                .toList();
        assertThat(live.get(i).awaitMessages(expected.size()).bodies())
            .as("live %s", filter)
            .isEqualTo(expected);
        Recorder stored = core.read(FILTERS.get(i), new Start.First());
        assertThat(stored.bodies()).as("stored %s", filter).isEqualTo(expected);
        assertThat(stored.offsets())
            .allMatch(o -> filter.test(published.get(o.intValue()).topic()));
        int last = random.nextInt(1, 40);
        assertThat(core.read(FILTERS.get(i), new Start.Last(last)).bodies())
            .as("last %d of %s", last, filter)
            .isEqualTo(expected.subList(Math.max(0, expected.size() - last), expected.size()));
      }
    }
  }

  @Test
  void aThousandIdleSubscriptionsAreWokenByWhatTheyWantOnly() {
    try (Core core = Core.in(directory)) {
      List<Recorder> idle = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        idle.add(core.subscribe("device/" + i, new Start.Live(), Long.MAX_VALUE));
      }
      for (int i = 0; i < 200; i++) {
        core.publish(Batches.numbered("busy", 10 * i, 10));
      }
      core.publish(Batches.numbered("device/7", 0, 1));

      idle.get(7).awaitMessages(1);
      Eventually.eventually(
          "all sleep",
          () ->
              core.broker.stats().subscriptions().stream()
                  .allMatch(stats -> stats.state() == SubscriptionStats.State.LIVE));
      assertThat(core.broker.stats().deliveredMessages()).isEqualTo(1);
      assertThat(idle.get(7).offsets()).containsExactly(2_000L);
      assertThat(idle.get(8).subscription().cursor().positions().getFirst().offset())
          .isEqualTo(2_001);
    }
  }
}
