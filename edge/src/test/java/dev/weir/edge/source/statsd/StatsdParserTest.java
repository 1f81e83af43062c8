package dev.weir.edge.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class StatsdParserTest {
  @Test
  void readsTheTypesOfStatsd() {
    assertThat(one("gorets:1|c|@0.1"))
        .isEqualTo(new StatsdSample(StatsdType.COUNTER, "gorets", "", 1, "", false, 10));
    assertThat(one("gaugor:333|g").isDelta()).isFalse();
    assertThat(one("gaugor:-10|g"))
        .isEqualTo(new StatsdSample(StatsdType.GAUGE, "gaugor", "", -10, "", true, 1));
    assertThat(one("glork.api:320.5|ms").name()).isEqualTo("glork_api");
    assertThat(one("uniques:765|s").member()).isEqualTo("765");
  }

  @Test
  void readsTheTagsOfDogStatsd() {
    StatsdSample sample =
        one("users.online:1|c|@0.5|#country:china,dev,a-b:x\"y\\z|c:abc|T1656581400");

    assertThat(sample.labels()).isEqualTo("a_b=\"x\\\"y\\\\z\",country=\"china\",dev=\"\"");
    assertThat(sample.weight()).isEqualTo(2);
  }

  @Test
  void readsSeveralValuesAndTypesOfAName() {
    assertThat(StatsdParser.parse("t:1:2:3|ms|#a:b").stream().map(StatsdSample::value))
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(StatsdParser.parse("t:1|c:2|ms|@0.5:3|g").stream().map(StatsdSample::type))
        .containsExactly(StatsdType.COUNTER, StatsdType.TIMER, StatsdType.GAUGE);
  }

  @Test
  void refusesWhatIsNoSample() {
    for (String line :
        new String[] {
          "x",
          ":1|c",
          "x:1",
          "x:|c",
          "x:1|",
          "x:1|q",
          "x:one|c",
          "x:1|c|@0",
          "x:1|c|@2",
          "x:1|c|@x",
          "x:1e999|c",
          "x:1.2.3|g",
          "x:NaN|g",
          "x:|s",
          "_e{5,4}:title|text",
          "_sc|name|0",
          "x:1:|c"
        }) {
      assertThatThrownBy(() -> StatsdParser.parse(line))
          .as(line)
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
    }
    for (String line :
        new String[] {
          "n".repeat(513) + ":1|c", "x:1|c|#" + "a:b,".repeat(10) + "t:" + "v".repeat(3000)
        }) {
      assertThatThrownBy(() -> StatsdParser.parse(line))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }
  }

  @Test
  void takesOrRefusesAnyBytes() {
    byte[] good = "users.on:1:2|ms|@0.5|#country:china,dev".getBytes(StandardCharsets.US_ASCII);
    RandomGenerator random = Seeds.random("statsd");
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(StatsdParser.parse(new String(bytes, StandardCharsets.UTF_8))).isNotEmpty();
      } catch (WeirException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
      }
    }
  }

  private static StatsdSample one(String line) {
    List<StatsdSample> samples = StatsdParser.parse(line);
    assertThat(samples).hasSize(1);
    return samples.getFirst();
  }
}
