package dev.weir.edge.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Pages in, bodies out.
final class ScrapeBodiesTest {
  private static final long TIME_MILLIS = 1_767_225_600_123L;
  private static final String OURS = "instance=\"h:9100\",job=\"no\\\"de\"";

  @Test
  void addsLabelsAndTimesWhereTheyAreMissing() throws InterruptedException {
    String page =
        """
        # HELP http_requests_total The total, in \\n "all".
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200"} 1027 1395066363000
        http_requests_total{method="po\\"s\\\\t}",code="400",} 3\t

        # A comment is passed over.
        metric_without_timestamp_and_labels 12.47
        \tsomething_weird{problem="division by zero"}  +Inf -3982045
        rpc:duration_seconds { quantile = "0.01" } NaN
        last_line -.5e-3\
        """;

    assertThat(bodies(page, false))
        .containsExactly(
            """
            # HELP http_requests_total The total, in \\n "all".
            # TYPE http_requests_total counter
            http_requests_total{OURS,method="post",code="200"} 1027 1395066363000
            http_requests_total{OURS,method="po\\"s\\\\t}",code="400",} 3 1767225600123
            metric_without_timestamp_and_labels{OURS} 12.47 1767225600123
            something_weird{OURS,problem="division by zero"} +Inf -3982045
            rpc:duration_seconds{OURS, quantile = "0.01" } NaN 1767225600123
            last_line{OURS} -.5e-3 1767225600123
            """
                .replace("OURS", OURS));
  }

  @Test
  void renamesLabelsThatAreOurs() throws InterruptedException {
    assertThat(bodies("a{job=\"x\",b=\"c\",instance=\"y\",jobs=\"z\"} 1\n", false))
        .containsExactly(
            "a{OURS,exported_job=\"x\",b=\"c\",exported_instance=\"y\",jobs=\"z\"} 1 TIME\n"
                .replace("OURS", OURS)
                .replace("TIME", Long.toString(TIME_MILLIS)));
  }

  @Test
  void readsOpenMetrics() throws InterruptedException {
    String page =
        """
        # TYPE foo counter
        # UNIT foo seconds
        # HELP foo What 0.0.4 would have under foo_total.
        foo_total{a="b"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
        foo_created 1520872607.123
        # TYPE build info
        build_info{version="1"} 1
        # EOF
        """;

    assertThat(bodies(page, true))
        .containsExactly(
            """
            # TYPE foo_total counter
            foo_total{OURS,a="b"} 17.0 1520879607789
            foo_created{OURS} 1520872607.123 1767225600123
            # TYPE build_info gauge
            build_info{OURS,version="1"} 1 1767225600123
            """
                .replace("OURS", OURS));
  }

  @Test
  void splitsBetweenLinesAndRepeatsTheTypeOfTheFamily() throws InterruptedException {
    StringBuilder page = new StringBuilder("# TYPE big gauge\n");
    for (int i = 0; i < 3000; i++) {
      page.append("big{number=\"").append(i).append("\"} ").append(i).append('\n');
    }

    List<String> bodies = bodies(page.toString(), false);

    assertThat(bodies).hasSizeGreaterThan(2);
    assertThat(bodies)
        .allSatisfy(body -> {
          assertThat(body.length()).isLessThanOrEqualTo(ScrapeBodies.MAX_BYTES + 100);
          assertThat(body).startsWith("# TYPE big gauge\n").endsWith("\n");
        });
    assertThat(bodies.stream().flatMap(String::lines).filter(line -> line.startsWith("big")))
        .hasSize(3000)
        .doesNotHaveDuplicates();
  }

  @Test
  void refusesAWholePageForOneLine() {
    assertRefused("good 1\nbad\n", false, "Line 2");
    assertRefused("<html>\n", false, "a name was expected");
    assertRefused("a{b=\"c\n", false, "ends too early");
    assertRefused("a{b=\"\\x\"} 1\n", false, "unknown escape");
    assertRefused("a{b=c} 1\n", false, "'\"' was expected");
    assertRefused("a{b=\"c\"d=\"e\"} 1\n", false, "',' or '}'");
    assertRefused("a 1 2 3\n", false, "more follows");
    assertRefused("a 1 1.5\n", false, "not a time");
    assertRefused("a 0x10\n", false, "not a value");
    assertRefused("a 1f\n", false, "not a value");
    assertRefused("# TYPE a colour\n", false, "type 'colour'");
    assertRefused("a 1\n", true, "without # EOF");
    assertRefused("# EOF\na 1\n", true, "follows # EOF");
    assertRefused("a{b=\"\u00e9\"} 1\n", false, "not UTF-8", StandardCharsets.ISO_8859_1);
  }

  @Test
  void survivesEveryByte() {
    RandomGenerator random = Seeds.random("exposition");
    byte[] page =
        "# TYPE a counter\na{b=\"c\\n\",job=\"d\"} 1.5e3 12\na 2\n# EOF\n"
            .getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = page.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        assertThat(Exposition.check(Bytes.wrap(bytes), random.nextBoolean())).isBetween(0, 4);
      } catch (WeirException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
      }
    }
  }

  private static List<String> bodies(String page, boolean isOpenMetrics)
      throws InterruptedException {
    List<String> bodies = new ArrayList<>();
    ScrapeBodies writer =
        new ScrapeBodies("h:9100", "no\"de", TIME_MILLIS, body -> bodies.add(body.utf8()));
    Exposition lines = new Exposition(Bytes.utf8(page), isOpenMetrics);
    while (lines.next()) {
      writer.add(lines);
    }
    writer.flush();
    return bodies;
  }

  private static void assertRefused(String page, boolean isOpenMetrics, String why) {
    assertRefused(page, isOpenMetrics, why, StandardCharsets.UTF_8);
  }

  private static void assertRefused(
      String page, boolean isOpenMetrics, String why, java.nio.charset.Charset charset) {
    Bytes bytes = Bytes.wrap(page.getBytes(charset));
    assertThatThrownBy(() -> Exposition.check(bytes, isOpenMetrics))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED))
        .hasMessageContaining(why);
  }
}
