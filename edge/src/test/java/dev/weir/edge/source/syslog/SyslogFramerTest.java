package dev.weir.edge.source.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.edge.source.Line;
import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SyslogFramerTest {
  private final SyslogFramer framer = new SyslogFramer(480);

  @Test
  void tellsTheTwoFramingsApartMessageByMessage() {
    feed("7 <13>a\nb" + "<14>line\n" + "6 <15>cd\n" + "no priority\n" + "123 of a line\n");

    assertThat(texts())
        .containsExactly("<13>a\nb", "<14>line", "<15>cd", "no priority", "123 of a line");
    assertThat(framer.isAtBoundary()).isTrue();
  }

  @Test
  void cutsTheSameMessagesHoweverTheBytesArrive() {
    String stream =
        "12 <13>one\nmore\n<14>two\r\n5 <1>\n\n\n\n<15>" + "x".repeat(700) + "\n3 <1>x\n";
    SyslogFramer whole = new SyslogFramer(480);
    List<String> expected = drain(whole, stream, stream.length());
    RandomGenerator random = Seeds.random("framing");

    for (int round = 0; round < 200; round++) {
      int chunk = 1 + random.nextInt(20);
      assertThat(drain(new SyslogFramer(480), stream, chunk))
          .as("chunk %s", chunk)
          .isEqualTo(expected);
    }
  }

  @Test
  void splitsWhatIsOverTheLimitBetweenCharacters() {
    String text = "<13>" + "é".repeat(400);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    feed(bytes.length + " " + text);
    feed("<14>after\n");

    List<Line> lines = lines();
    assertThat(lines.stream().map(Line::part)).containsExactly(1, 2, 0);
    assertThat(lines.stream().map(Line::hasMore)).containsExactly(true, false, false);
    assertThat(lines.get(0).text().length()).isEqualTo(480);
    assertThat(lines.get(0).text().utf8() + lines.get(1).text().utf8()).isEqualTo(text);
    assertThat(lines.get(2).text().utf8()).isEqualTo("<14>after");
  }

  @Test
  void splitsALineThatNeverEndsWithinAWindowOfItsLimit() {
    for (int i = 0; i < 100; i++) {
      feed("y".repeat(10_000));
      assertThat(lines()).allSatisfy(line -> assertThat(line.text().length()).isEqualTo(480));
    }
    feed("\n<14>next\n");

    List<Line> rest = lines();
    assertThat(rest.getLast().text().utf8()).isEqualTo("<14>next");
    assertThat(rest.getLast().part()).isZero();
  }

  @Test
  void refusesALengthThatNoSenderMeans() {
    feed("<13>good\n99999999 <13>bad");

    assertThat(framer.next()).extracting(line -> line.text().utf8()).isEqualTo("<13>good");
    assertThatThrownBy(framer::next)
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("99999999");
  }

  @Test
  void marksHalfACountedMessageAtTheEndAndTakesALineWithoutItsEnd() {
    feed("20 <13>half");
    assertThat(framer.next()).isNull();
    Line torn = Objects.requireNonNull(framer.finish());
    assertThat(torn.text().utf8()).isEqualTo("<13>half");
    assertThat(torn.headers()).containsEntry("weir-split", "1+");

    SyslogFramer other = new SyslogFramer(480);
    assertThat(drain(other, "<13>whole", 100)).containsExactly("<13>whole");
    assertThat(new SyslogFramer(480).finish()).isNull();
  }

  private void feed(String text) {
    feed(framer, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void feed(SyslogFramer framer, byte[] bytes) {
    framer.room().put(bytes);
    framer.added(bytes.length);
  }

  private List<String> texts() {
    return lines().stream().map(line -> line.text().utf8()).toList();
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (@Nullable Line line = framer.next(); line != null; line = framer.next()) {
      lines.add(line);
    }
    return lines;
  }

  private static List<String> drain(SyslogFramer framer, String stream, int chunk) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    List<String> texts = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += chunk) {
      int count = Math.min(chunk, bytes.length - from);
      framer.room().put(bytes, from, count);
      framer.added(count);
      for (@Nullable Line line = framer.next(); line != null; line = framer.next()) {
        texts.add((line.part() > 0 ? line.part() + ":" : "") + line.text().utf8());
      }
    }
    @Nullable Line rest = framer.finish();
    if (rest != null) {
      texts.add(rest.text().utf8());
    }
    return texts;
  }
}
