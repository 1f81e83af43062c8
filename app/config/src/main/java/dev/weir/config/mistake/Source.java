package dev.weir.config.mistake;

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

  /// The span from the first to the last character of the text.
  public Span whole() {
    if (lines.isEmpty()) {
      return new Span(this, 0, 0, 0, 0);
    }
    String last = lines.getLast();
    return new Span(this, 1, 1, lines.size(), last.codePointCount(0, last.length()) + 1);
  }
}
