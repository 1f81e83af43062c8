package dev.weir.config.mistake;

import java.util.List;

/// Prints mistakes for people (place, source line, caret, help) and for programs (JSON).
public final class MistakePrinter {
  /// Source lines longer than this are cut around the caret, to stay on one line of a terminal.
  private static final int MAX_LINE_CODE_POINTS = 100;

  private static final String RED = "\u001b[1;31m";
  private static final String YELLOW = "\u001b[1;33m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean isColoured;

  private MistakePrinter(boolean isColoured) {
    this.isColoured = isColoured;
  }

  /// All mistakes and a closing count, each line ended. Only the word, the code and the caret are
  /// coloured: colour is never the only sign.
  public static String human(List<Mistake> mistakes, boolean isColoured) {
    if (mistakes.isEmpty()) {
      return "";
    }
    MistakePrinter printer = new MistakePrinter(isColoured);
    StringBuilder out = new StringBuilder();
    for (Mistake mistake : mistakes) {
      printer.print(mistake, out);
      out.append('\n');
    }
    long errorCount = mistakes.stream().filter(Mistake::isError).count();
    out.append(counted(errorCount, "error"));
    long warningCount = mistakes.size() - errorCount;
    if (warningCount > 0) {
      out.append(", ").append(counted(warningCount, "warning"));
    }
    return out.append('\n').toString();
  }

  /// An array of {code, severity, file, line, column, endColumn, pointer, message, fix}; lines and
  /// columns count from 1 and are 0 where there is no text.
  public static String json(List<Mistake> mistakes) {
    StringBuilder out = new StringBuilder("[");
    String separator = "\n";
    for (Mistake mistake : mistakes) {
      Span span = mistake.span();
      out.append(separator)
          .append("  {\"code\":")
          .append(Quote.json(mistake.code().label()))
          .append(",\"severity\":")
          .append(Quote.json(mistake.severity().label()))
          .append(",\"file\":")
          .append(Quote.json(span.source().name()))
          .append(",\"line\":")
          .append(span.line())
          .append(",\"column\":")
          .append(span.column())
          .append(",\"endColumn\":")
          .append(span.endColumnOfFirstLine())
          .append(",\"pointer\":")
          .append(Quote.json(mistake.pointer()))
          .append(",\"message\":")
          .append(Quote.json(mistake.message()))
          .append(",\"fix\":")
          .append(Quote.json(mistake.fix()))
          .append('}');
      separator = ",\n";
    }
    return out.append(mistakes.isEmpty() ? "]\n" : "\n]\n").toString();
  }

  private void print(Mistake mistake, StringBuilder out) {
    Span span = mistake.span();
    String colour = mistake.isError() ? RED : YELLOW;
    String word = mistake.severity().label() + "[" + mistake.code().label() + "]";
    String number = span.hasText() ? Integer.toString(span.line()) : "";
    String margin = " ".repeat(number.length());
    out.append(painted(colour, word))
        .append(painted(BOLD, ": " + mistake.message()))
        .append('\n')
        .append(margin)
        .append(" --> ")
        .append(span.place())
        .append('\n');
    if (span.hasText()) {
      Snippet snippet = Snippet.of(span, MAX_LINE_CODE_POINTS);
      out.append(' ').append(margin).append(" |\n");
      out.append(' ').append(number).append(" | ").append(snippet.text()).append('\n');
      out.append(' ').append(margin).append(" | ").append(" ".repeat(snippet.caretAt()));
      out.append(painted(colour, "^".repeat(snippet.caretCount()))).append('\n');
    }
    out.append(' ').append(margin).append(" = help: ").append(mistake.fix()).append('\n');
  }

  private String painted(String colour, String text) {
    return isColoured ? colour + text + PLAIN : text;
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// One source line made safe to print, cut to a width, and where its carets go.
  private record Snippet(String text, int caretAt, int caretCount) {
    static Snippet of(Span span, int width) {
      int[] line = span.source().line(span.line()).codePoints().toArray();
      int start = Math.min(span.column() - 1, line.length);
      int end = Math.clamp(span.endColumnOfFirstLine() - 1, start, line.length);
      int from = line.length <= width ? 0 : Math.clamp(start - width / 3, 0, line.length - width);
      int to = Math.min(line.length, from + width);
      StringBuilder text = new StringBuilder(from > 0 ? "…" : "");
      int shift = from > 0 ? 1 - from : 0;
      for (int i = from; i < to; i++) {
        text.appendCodePoint(Quote.visible(line[i]));
      }
      text.append(to < line.length ? "…" : "");
      return new Snippet(text.toString(), start + shift, Math.max(1, Math.min(end, to) - start));
    }
  }
}
