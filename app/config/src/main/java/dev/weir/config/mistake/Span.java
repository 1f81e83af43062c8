package dev.weir.config.mistake;

/// A range of characters in a source. Lines and columns count from 1 and columns are code points;
/// the end column is the first one after the range. Line 0 is a source without text.
public record Span(Source source, int line, int column, int endLine, int endColumn) {
  /// The place of what nobody wrote down.
  public static Span nowhere(String name) {
    return Source.withoutText(Source.Kind.DEFAULT, name).whole();
  }

  public boolean hasText() {
    return line > 0;
  }

  /// The same place in a changed copy of the source.
  Span in(Source copy) {
    return new Span(copy, line, column, endLine, endColumn);
  }

  /// As editors and terminals link it: `weir.yaml:4:3`.
  public String place() {
    return hasText() ? source.name() + ":" + line + ":" + column : source.name();
  }

  /// The column after the range on its first line.
  int endColumnOfFirstLine() {
    if (endLine == line) {
      return endColumn;
    }
    String text = source.line(line);
    return text.codePointCount(0, text.length()) + 1;
  }
}
