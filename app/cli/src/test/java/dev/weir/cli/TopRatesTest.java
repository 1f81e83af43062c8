package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.client.TopicFigures;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TopRatesTest {
  private final TopRates rates = new TopRates();

  private static TopicFigures topic(String name, long messages, long bytes) {
    return new TopicFigures(name, messages, bytes, 0);
  }

  @Test
  void sortsByWhatCameSince() {
    rates.topics(List.of(topic("old", 1_000, 1_000), topic("busy", 10, 100)), 1);

    List<TopRates.Topic> now =
        rates.topics(
            List.of(topic("busy", 30, 500), topic("new", 5, 50), topic("old", 1_000, 1_000)), 2);

    assertThat(now)
        .extracting(topic -> topic.figures().topic() + " " + topic.messages() + " " + topic.bytes())
        .containsExactly("busy 10.0 200.0", "new 2.5 25.0", "old 0.0 0.0");
  }

  @Test
  void countsAnewAfterARestart() {
    rates.topics(List.of(topic("a", 1_000, 1_000)), 1);

    assertThat(rates.topics(List.of(topic("a", 4, 40)), 1).getFirst().messages()).isEqualTo(4);
  }
}
