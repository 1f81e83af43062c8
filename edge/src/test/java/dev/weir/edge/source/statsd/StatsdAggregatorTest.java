package dev.weir.edge.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.edge.source.metrics.MetricLines;
import dev.weir.message.Message;
import dev.weir.testkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class StatsdAggregatorTest {
  private final StatsdAggregator aggregator = new StatsdAggregator(100, 1000);

  @Test
  void sumsCountersByTheirRateAndBeginsAnew() {
    add("hits:1|c");
    add("hits:2|c|@0.5");
    add("hits:1|c|#a:b");

    assertThat(flush(0)).containsExactlyInAnyOrder("hits 5 7", "hits{a=\"b\"} 1 7");
    assertThat(flush(0)).isEmpty();
  }

  @Test
  void remembersAGaugeForItsDeltasUntilItIsOld() {
    add("level:10|g");
    assertThat(flush(0)).containsExactly("level 10 7");
    add("level:-3|g");
    add("level:+1.5|g");
    assertThat(flush(0)).containsExactly("level 8.5 7");
    assertThat(flush(999)).isEmpty();
    assertThat(aggregator.seriesCount()).isEqualTo(1);
    flush(1000);
    assertThat(aggregator.seriesCount()).isZero();
    add("level:-2|g");
    assertThat(flush(0)).containsExactly("level -2 7");
  }

  @Test
  void summarisesTimersAndCountsSets() {
    for (int i = 1; i <= 100; i++) {
      add("t:" + i + "|ms|#a:b");
      add("who:" + i % 7 + "|s");
    }

    List<String> lines = flush(0);

    assertThat(lines)
        .contains(
            "who 7 7",
            "t_count{a=\"b\"} 100 7",
            "t_sum{a=\"b\"} 5050 7",
            "t_min{a=\"b\"} 1 7",
            "t_max{a=\"b\"} 100 7")
        .anyMatch(line -> line.startsWith("t{a=\"b\",quantile=\"0.95\"} 9"));
  }

  @Test
  void takesNoMoreSeriesThanAllowed() {
    for (int i = 0; i < 100; i++) {
      assertThat(add("n" + i + ":1|c")).isTrue();
    }
    assertThat(add("more:1|c")).isFalse();
    assertThat(add("n5:1|c")).isTrue();
    assertThat(flush(0)).hasSize(100);
    for (int i = 0; i < 20_000; i++) {
      add("who:" + i + "|s");
    }
    assertThat(flush(0)).containsExactly("who 10000 7");
  }

  @Test
  void knowsQuantilesWithinOnePercent() {
    RandomGenerator random = Seeds.random("sketch");
    ValueSketch sketch = new ValueSketch();
    double[] values = new double[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(random.nextGaussian());
      sketch.add(values[i], 1, 1024);
    }
    Arrays.sort(values);

    for (double share : new double[] {0.5, 0.9, 0.99}) {
      double exact = values[(int) (share * (values.length - 1))];
      assertThat(sketch.quantile(share)).as("%s", share).isCloseTo(exact, within(0.0101 * exact));
    }
    ValueSketch tight = new ValueSketch();
    int buckets = 0;
    for (double value : values) {
      buckets += tight.add(value, 1, 16);
    }
    assertThat(buckets).isEqualTo(16);
    assertThat(tight.quantile(0.9999)).isCloseTo(values[9998], within(0.02 * values[9998]));
    ValueSketch mixed = new ValueSketch();
    for (int i = -50; i <= 50; i++) {
      mixed.add(i, 1, 1024);
    }
    assertThat(mixed.quantile(0.5)).isZero();
    assertThat(mixed.quantile(0)).isCloseTo(-50, within(0.5));
  }

  @Test
  void splitsBodiesBetweenLines() {
    MetricLines lines = new MetricLines("t", Map.of(), 7_000);
    for (int i = 0; i < 5000; i++) {
      lines.add("metric_with_a_name_" + i, MetricLines.label("k", "é" + i), i);
    }

    List<Message> messages = lines.messages();

    assertThat(messages).hasSizeGreaterThan(2);
    assertThat(messages)
        .allSatisfy(message -> {
          assertThat(message.body().length()).isBetween(1, 64 << 10);
          assertThat(message.body().utf8()).endsWith("\n");
          assertThat(message.contentType()).isEqualTo("text/plain; version=0.0.4");
        });
    assertThat(messages.stream().flatMap(message -> message.body().utf8().lines())).hasSize(5000);
  }

  private boolean add(String line) {
    return StatsdParser.parse(line).stream().allMatch(sample -> aggregator.add(sample, 0));
  }

  private List<String> flush(long nowNanos) {
    MetricLines lines = new MetricLines("t", Map.of(), 7_000);
    aggregator.flush(lines, nowNanos);
    return lines.messages().stream().flatMap(message -> message.body().utf8().lines()).toList();
  }
}
