package dev.weir.config.mistake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A text that settings come from.
///
/// @param kind where the text was found
/// @param name what a person calls it: a path, `env WEIR__SERVER__LISTEN`, `flag server.listen`
/// @param lines its lines without their ends
public record Source(Kind kind, String name, List<String> lines) {
  /// Where a text was found, from the weakest to the strongest.
  public enum Kind {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG
  }

  public Source {
    lines = List.copyOf(lines);
  }

  public static Source of(Kind kind, String name, String text) {
    return new Source(kind, name, List.of(text.split("\r\n|\r|\n", -1)));
  }

  /// A place that has no text, such as a default.
  public static Source withoutText(Kind kind, String name) {
    return new Source(kind, name, List.of());
  }

  /// The line with this number, counted from 1; empty outside of the text.
  public String line(int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  /// The whole text, for those who must read the source again.
  public String text() {
    return String.join("\n", lines);
  }

  /// A copy in which the characters of a span are asterisks.
  Source without(Span span) {
    List<String> masked = new ArrayList<>(lines);
    for (int number = span.line(); number >= 1 && number <= span.endLine(); number++) {
      int[] line = line(number).codePoints().toArray();
      int from = number == span.line() ? Math.min(span.column() - 1, line.length) : 0;
      int to = number == span.endLine() ? Math.min(span.endColumn() - 1, line.length) : line.length;
      Arrays.fill(line, from, Math.max(from, to), '*');
      masked.set(number - 1, new String(line, 0, line.length));
    }
    return new Source(kind, name, masked);
  }

  /// The span from the first to the last character of the text.
  public Span whole() {
    if (lines.isEmpty()) {
      return new Span(this, 0, 0, 0, 0);
    }
    String last = lines.getLast();
    return new Span(this, 1, 1, lines.size(), last.codePointCount(0, last.length()) + 1);
  }
}
