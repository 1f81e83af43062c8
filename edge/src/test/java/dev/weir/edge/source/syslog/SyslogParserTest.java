package dev.weir.edge.source.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SyslogParserTest {
  private final SyslogParser parser =
      new SyslogParser(new ManualClock(), ZoneId.of("Europe/Paris"));

  @Test
  void readsTheExamplesOfRfc5424() {
    SyslogFields su =
        parse(
            "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - "
                + "\uFEFF'su root' failed for lonvick on /dev/pts/8");

    assertThat(su.isWellFormed()).isTrue();
    assertThat(su.timeMicros()).isEqualTo(micros("2003-10-11T22:14:15.003Z"));
    assertThat(su.headers())
        .containsExactly(
            Map.entry("facility", "auth"),
            Map.entry("severity", "crit"),
            Map.entry("host", "mymachine.example.com"),
            Map.entry("app", "su"),
            Map.entry("msgid", "ID47"));
    SyslogFields zoned =
        parse("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's");
    assertThat(zoned.timeMicros()).isEqualTo(micros("2003-08-24T12:14:15.000003Z"));
    assertThat(zoned.headers()).containsEntry("procid", "8710").containsEntry("facility", "local4");
  }

  @Test
  void flattensStructuredData() {
    SyslogFields fields =
        parse(
            "<165>1 2003-10-11T22:14:15.003Z host app - ID47 [exampleSDID@32473 iut=\"3\""
                + " eventSource=\"a \\\"b\\\" \\] \\\\ é\"][x@1][y@1 z=\"\"] text");

    assertThat(fields.isWellFormed()).isTrue();
    assertThat(fields.headers())
        .containsEntry("sd.exampleSDID@32473.iut", "3")
        .containsEntry("sd.exampleSDID@32473.eventSource", "a \"b\" ] \\ é")
        .containsEntry("sd.y@1.z", "");
  }

  @Test
  void readsTheOldFormatAndWhatSendersMakeOfIt() {
    SyslogFields classic = parse("<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed");
    assertThat(classic.isWellFormed()).isTrue();
    assertThat(classic.headers())
        .containsEntry("host", "mymachine")
        .containsEntry("app", "su")
        .containsEntry("procid", "12");

    assertThat(parse("<13>Oct  1 22:14:15 cron[7]: x").headers())
        .containsEntry("app", "cron")
        .doesNotContainKey("host");
    SyslogFields iso = parse("<13>2026-11-25T22:36:34.123456+01:00 box app: text");
    assertThat(iso.timeMicros()).isEqualTo(micros("2026-11-25T21:36:34.123456Z"));
    assertThat(iso.headers()).containsEntry("host", "box").containsEntry("app", "app");
    assertThat(parse("<13>text: with a colon").headers()).containsOnlyKeys("facility", "severity");
    assertThat(parse("<0>").isWellFormed()).isTrue();
  }

  @Test
  void choosesTheYearNearestToNow() {
    ManualClock clock = new ManualClock();
    SyslogParser at = new SyslogParser(clock, ZoneId.of("UTC"));
    int year =
        Instant.ofEpochSecond(clock.epochMicros() / 1_000_000).atZone(ZoneId.of("UTC")).getYear();
    for (String day : new String[] {"Jan  1", "Jun 30", "Dec 31"}) {
      SyslogFields fields = at.parse(Bytes.utf8("<13>" + day + " 23:59:59 h t: x"));
      long halfYear = 183L * 86_400 * 1_000_000;
      assertThat(Math.abs(fields.timeMicros() - clock.epochMicros()))
          .as(day + year)
          .isLessThanOrEqualTo(halfYear);
    }
    assertThat(at.parse(Bytes.utf8("<13>Feb 30 00:00:00 h t: x")).timeMicros()).isZero();
  }

  @Test
  void saysSoWhenItIsNeither() {
    for (String text :
        new String[] {
          "",
          "text",
          "<>",
          "<192>x",
          "<-1>x",
          "<013>x",
          "<13",
          "<13>1 now h a p m -",
          "<13>1 2003-10-11T22:14:15Z h a p m [x",
          "<13>1 2003-10-11T22:14:15Z h a p m [x y=\"z]",
          "<13>1 2003-10-11T22:14:15Z h a p m",
          "<13>1 2003-10-11T22:14:15Z " + "h".repeat(256) + " a p m -"
        }) {
      assertThat(parse(text).isWellFormed()).as(text).isFalse();
    }
    assertThat(parse("<13>1 bad h a p m -").headers()).containsEntry("severity", "notice");
  }

  @Test
  void keepsWithinTheBoundsOfHeaders() {
    StringBuilder text = new StringBuilder("<13>1 2003-10-11T22:14:15Z h a p m [x");
    for (int i = 0; i < 500; i++) {
      text.append(" n").append(i).append("=\"").append("v".repeat(100)).append('"');
    }

    SyslogFields many = parse(text.append("] text").toString());

    assertThat(many.headers()).hasSizeLessThanOrEqualTo(SyslogFields.MAX_COUNT);
    assertThat(many.headers()).containsKey("sd.x.n0").doesNotContainKey("sd.x.n499");
  }

  @Test
  void takesAnyBytes() {
    byte[] good =
        "<165>1 2003-10-11T22:14:15.003Z host app 1 ID47 [e@1 a=\"\u00e9\\\"\"] text"
            .getBytes(StandardCharsets.UTF_8);
    RandomGenerator random = Seeds.random("syslog");
    for (int length = 0; length <= good.length; length++) {
      parser.parse(Bytes.wrap(good, 0, length));
    }
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(parser.parse(Bytes.wrap(bytes)).headers().size()).isLessThan(64);
    }
  }

  private SyslogFields parse(String text) {
    return parser.parse(Bytes.utf8(text));
  }

  private static long micros(String instant) {
    Instant at = Instant.parse(instant);
    return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
  }
}
