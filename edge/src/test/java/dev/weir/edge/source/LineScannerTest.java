package dev.weir.edge.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LineScannerTest {
  private static final Multiline BY_BRACKET =
      new Multiline(Pattern.compile("^\\["), Duration.ofSeconds(1));

  @Test
  void cutsLinesWhateverTheReadsAre() {
    RandomGenerator random = Seeds.random("cutsLinesWhateverTheReadsAre");
    List<String> expected = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      String line = "zeile-ä€𝄞-".repeat(random.nextInt(4)) + i;
      expected.add(line);
      all.append(line).append('\n');
    }
    byte[] text = all.toString().getBytes(StandardCharsets.UTF_8);

    LineScanner scanner = plain(1 << 20);
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length) {
      int count = Math.min(1 + random.nextInt(700), text.length - from);
      lines.addAll(texts(feed(scanner, Arrays.copyOfRange(text, from, from + count))));
      from += count;
    }

    assertThat(lines).isEqualTo(expected);
    assertThat(scanner.emittedOffset()).isEqualTo(text.length);
    assertThat(scanner.emittedTail())
        .isEqualTo(Arrays.copyOfRange(text, text.length - 64, text.length));
  }

  @Test
  void keepsEveryByteButTheLineFeed() {
    byte[] line = {0, 1, 2, (byte) 0xff, (byte) 0xfe, '\r', 0x1f, (byte) 0x8b, '\n'};

    List<Line> lines = feed(plain(100), line);

    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().text().toArray()).isEqualTo(Arrays.copyOf(line, line.length - 1));
  }

  @Test
  void holdsAnUnfinishedLine() {
    LineScanner scanner = plain(100);

    assertThat(feed(scanner, "half")).isEmpty();
    assertThat(scanner.emittedOffset()).isZero();
    assertThat(scanner.readOffset()).isEqualTo(4);

    assertThat(texts(feed(scanner, " done\nnext"))).containsExactly("half done");
    assertThat(scanner.emittedOffset()).isEqualTo(10);
  }

  @Test
  void splitsALongLineBetweenCharactersAndSaysSo() {
    LineScanner scanner = plain(16);

    List<Line> lines = feed(scanner, "0123456789abcde€ghijklmnopqrstuvwxyz\nshort\n");

    assertThat(texts(lines))
        .containsExactly("0123456789abcde", "€ghijklmnopqrs", "tuvwxyz", "short");
    assertThat(lines.stream().map(line -> line.headers().get(Line.SPLIT_HEADER)).toList())
        .containsExactly("1+", "2+", "3", null);
  }

  @Test
  void splitsNotALineOfExactlyTheLimit() {
    List<Line> lines = feed(plain(16), "0123456789abcdef\nx\n");

    assertThat(texts(lines)).containsExactly("0123456789abcdef", "x");
    assertThat(lines.getFirst().part()).isZero();
  }

  @Test
  void splitsBinaryOfContinuationBytesAtTheLimit() {
    byte[] bytes = new byte[40];
    Arrays.fill(bytes, (byte) 0x80);
    bytes[39] = '\n';

    List<Line> lines = feed(plain(16), bytes);

    assertThat(lines.stream().mapToInt(line -> line.text().length()).sum()).isEqualTo(39);
  }

  @Test
  void gathersLinesUntilTheNextStart() {
    LineScanner scanner = new LineScanner(1000, Optional.of(BY_BRACKET.starts()));

    List<Line> events = feed(scanner, "[1] a\n  at x\n\n[2] b\n[3] c\n  at y\n");

    assertThat(texts(events)).containsExactly("[1] a\n  at x\n", "[2] b");
    Line last = Objects.requireNonNull(scanner.flushLines());
    assertThat(last.text().utf8()).isEqualTo("[3] c\n  at y");
    assertThat(scanner.heldBytes()).isZero();
  }

  @Test
  void flushesOnlyWholeLinesOfAnEvent() {
    LineScanner scanner = new LineScanner(1000, Optional.of(BY_BRACKET.starts()));
    assertThat(feed(scanner, "[1] a\n  at x\n  at hal")).isEmpty();

    Line flushed = Objects.requireNonNull(scanner.flushLines());

    assertThat(flushed.text().utf8()).isEqualTo("[1] a\n  at x");
    assertThat(texts(feed(scanner, "f\n[2]\n"))).containsExactly("  at half");
  }

  @Test
  void splitsALongEventBetweenLines() {
    LineScanner scanner = new LineScanner(20, Optional.of(BY_BRACKET.starts()));

    List<Line> events = feed(scanner, "[1] abcdef\n  ghijkl\n  mnopqr\n[2] x\n[3] y\n");

    assertThat(texts(events)).containsExactly("[1] abcdef\n  ghijkl", "  mnopqr", "[2] x");
    assertThat(events.get(0).headers()).containsEntry(Line.SPLIT_HEADER, "1+");
    assertThat(events.get(1).headers()).containsEntry(Line.SPLIT_HEADER, "2");
  }

  @Test
  void givesAGiantLinesMemoryBack() {
    LineScanner scanner = plain(16 << 20);
    byte[] giant = new byte[12 << 20];
    assertThat(feed(scanner, giant)).isEmpty();

    assertThat(feed(scanner, "\n").getFirst().text().length()).isEqualTo(giant.length);
    assertThat(texts(feed(scanner, "x\n"))).containsExactly("x");
    assertThat(scanner.room().capacity()).isEqualTo(LineScanner.READ_BYTES);
  }

  private static LineScanner plain(int maxLineBytes) {
    return new LineScanner(maxLineBytes, Optional.empty());
  }

  private static List<Line> feed(LineScanner scanner, String text) {
    return feed(scanner, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Line> feed(LineScanner scanner, byte[] bytes) {
    List<Line> lines = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += LineScanner.READ_BYTES) {
      int count = Math.min(LineScanner.READ_BYTES, bytes.length - from);
      scanner.room().put(bytes, from, count);
      scanner.added(count);
      @Nullable Line line = scanner.next();
      while (line != null) {
        lines.add(line);
        line = scanner.next();
      }
    }
    return lines;
  }

  private static List<String> texts(List<Line> lines) {
    return lines.stream().map(line -> line.text().utf8()).toList();
  }
}
