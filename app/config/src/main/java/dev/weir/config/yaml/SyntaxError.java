package dev.weir.config.yaml;

import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// A complaint of the YAML parser in words that name the usual cause.
///
/// @param firstDoubtfulLine values from this line on may have been read wrongly
record SyntaxError(Span span, String message, String fix, int firstDoubtfulLine) {

  static SyntaxError of(Source source, MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "" : e.getProblem();
    String context = e.getContext() == null ? "" : e.getContext();
    Span at = point(source, e.getProblemMark());
    Span opened = point(source, e.getContextMark().or(e::getProblemMark));
    boolean isInsideOpened =
        context.startsWith("while scanning a") || context.contains("while parsing a flow");
    int doubtfulLine = isInsideOpened ? Math.min(at.line(), opened.line()) : at.line();

    if (problem.contains("'\\t(TAB)'")) {
      return new SyntaxError(
          at, "a tab where YAML allows only spaces", "indent with two spaces", doubtfulLine);
    }
    if (context.contains("quoted scalar") && problem.contains("end of stream")) {
      return new SyntaxError(
          opened, "the quote that opens here is never closed", "close the quote", doubtfulLine);
    }
    if (context.contains("quoted scalar") && problem.contains("escape")) {
      return new SyntaxError(
          at,
          "an unknown escape between double quotes",
          "use single quotes, or write \\\\ for a backslash",
          doubtfulLine);
    }
    if (context.contains("while parsing a flow")) {
      boolean isList = context.contains("sequence");
      return new SyntaxError(
          opened,
          "the " + (isList ? "list" : "section") + " that opens here is not closed correctly",
          "separate with commas and close with " + (isList ? "`]`" : "`}`"),
          doubtfulLine);
    }
    if (problem.contains("mapping values are not allowed")) {
      return new SyntaxError(
          at,
          "a second `: ` in one value, or a key that is indented too far",
          "put quotes around the value, or align the key with its neighbours",
          doubtfulLine);
    }
    if (problem.contains("expected <block end>")) {
      return new SyntaxError(
          at,
          "the indentation matches no line above",
          "align the line with the keys of its section",
          doubtfulLine);
    }
    if (problem.contains("could not find expected ':'")) {
      return new SyntaxError(
          opened,
          "expected `key: value`",
          "write a colon and a space after the key",
          Math.min(doubtfulLine, opened.line()));
    }
    if (problem.contains("cannot start any token")) {
      return new SyntaxError(
          at, "a value cannot start with this character", "put quotes around it", doubtfulLine);
    }
    return new SyntaxError(
        at, "not well-formed YAML: " + Quote.shown(problem), "correct this place", doubtfulLine);
  }

  private static Span point(Source source, Optional<Mark> mark) {
    if (mark.isEmpty()) {
      return source.whole();
    }
    int line = Math.min(mark.get().getLine() + 1, source.lines().size());
    boolean isPastEnd = line <= mark.get().getLine();
    String text = source.line(line);
    int column = isPastEnd ? text.codePointCount(0, text.length()) + 1 : mark.get().getColumn() + 1;
    return new Span(source, line, column, line, column + 1);
  }
}
