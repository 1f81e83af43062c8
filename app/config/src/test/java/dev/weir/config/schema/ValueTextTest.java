package dev.weir.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTextTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S, 500ms",
    "1000ms, PT1S, 1s",
    "90s, PT90S, 90s",
    "120m, PT2H, 2h",
    "7d, PT168H, 7d",
    "0s, PT0S, 0s",
    "5 S, PT5S, 5s"
  })
  void readsDurations(String text, Duration duration, String printed) {
    assertThat(DurationText.parse(text)).contains(duration);
    assertThat(DurationText.print(duration)).isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "1h30m", "5 weeks", "9999999999s", "٥s"})
  void refusesOtherDurations(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }

  @Test
  void everySizeAndDurationPrintsExactly() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      ByteSize size =
          new ByteSize((random.nextLong() >>> 20 >>> random.nextInt(40)) << random.nextInt(8));
      Duration duration =
          Duration.ofMillis(random.nextInt(1, 1_000) * List.of(1, 1_000, 60_000).get(i % 3));

      assertThat(ByteSize.parse(SizeText.print(size))).as("seed " + seed).isEqualTo(size);
      assertThat(DurationText.parse(DurationText.print(duration)))
          .as("seed " + seed)
          .contains(duration);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "listen, listen, 0",
    "lisetn, listen, 1",
    "listn, listen, 1",
    "a, b, 1",
    "'', abc, 3",
    "store, flow, 4"
  })
  void measuresTheDistanceOfWords(String a, String b, int distance) {
    assertThat(Suggestion.distance(a, b)).isEqualTo(distance);
    assertThat(Suggestion.distance(b, a)).isEqualTo(distance);
  }

  @Test
  void suggestsOnlyWhatIsNear() {
    List<String> known = List.of("listen", "dataDir", "maxMessage");

    assertThat(Suggestion.nearest("DATA_DIR", known)).contains("dataDir");
    assertThat(Suggestion.nearest("max-mesage", known)).contains("maxMessage");
    assertThat(Suggestion.nearest("colour", known)).isEmpty();
    assertThat(Suggestion.nearest("x".repeat(1_000_000), known)).isEmpty();
  }

  @Test
  void readsOptionalValues() {
    var value = Values.optional(Values.bool());

    assertThat(value.reader().read("none", Map.of()))
        .isEqualTo(Reading.of(java.util.Optional.empty()));
    assertThat(value.reader().read("yes", Map.of()))
        .isEqualTo(Reading.wrongType("true or false, or none", "write true"));
  }
}
