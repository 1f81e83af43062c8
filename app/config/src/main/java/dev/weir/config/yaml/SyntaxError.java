package dev.weir.config.yaml;

import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/// A complaint of the YAML parser in words that name the usual cause.
///
/// @param firstDoubtfulLine values from this line on may have been read wrongly
record SyntaxError(Span span, String message, String fix, int firstDoubtfulLine) {

  /// What the parser says in its own words, and what a person is told instead.
  ///
  /// @param context part of what the parser was doing, empty for anything
  /// @param problem part of what it met, empty for anything
  /// @param isToldAtOpening the place is where the open thing started, not where it was missed
  private record Rule(
      String context, String problem, boolean isToldAtOpening, String message, String fix) {
    boolean fits(String itsContext, String itsProblem) {
      return itsContext.contains(context) && itsProblem.contains(problem);
    }
  }

  /// The first that fits is used.
  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "", "(TAB)", false, "a tab where YAML allows only spaces", "indent with two spaces"),
          new Rule(
              "quoted scalar",
              "end of stream",
              true,
              "the quote that opens here is never closed",
              "close the quote"),
          new Rule(
              "quoted scalar",
              "escape",
              false,
              "an unknown escape between double quotes",
              "use single quotes, or write \\\\ for a backslash"),
          new Rule(
              "while parsing a flow sequence",
              "",
              true,
              "the list that opens here is not closed correctly",
              "separate with commas and close with `]`"),
          new Rule(
              "while parsing a flow mapping",
              "",
              true,
              "the section that opens here is not closed correctly",
              "separate with commas and close with `}`"),
          new Rule(
              "",
              "mapping values are not allowed",
              false,
              "a second `: ` in one value, or a key that is indented too far",
              "put quotes around the value, or align the key with its neighbours"),
          new Rule(
              "",
              "expected <block end>",
              false,
              "the indentation matches no line above",
              "align the line with the keys of its section"),
          new Rule(
              "",
              "could not find expected ':'",
              true,
              "expected `key: value`",
              "write a colon and a space after the key"),
          new Rule(
              "",
              "cannot start any token",
              false,
              "a value cannot start with this character",
              "put quotes around it"));

  /// @param lastPlace where the last good part of the text was
  static SyntaxError of(Source source, Span lastPlace, RuntimeException e) {
    return switch (e) {
      case MarkedYamlEngineException marked -> ofMarked(source, marked);
      case ReaderException reader -> {
        Span place = placeOf(source, reader.getPosition());
        String message =
            String.format("the character U+%04X is not allowed", reader.getCodePoint());
        String fix = "remove it, or write it as an escape between double quotes";
        yield new SyntaxError(place, message, fix, place.line());
      }
      // The parser lets the exceptions of number formats and the like escape.
      default ->
          new SyntaxError(
              lastPlace,
              "not readable as YAML after this place",
              "correct what follows",
              lastPlace.line());
    };
  }

  private static SyntaxError ofMarked(Source source, MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "" : e.getProblem();
    String context = e.getContext() == null ? "" : e.getContext();
    Span met = point(source, e.getProblemMark());
    Span opened = point(source, e.getContextMark().or(e::getProblemMark));
    boolean isInsideOpened =
        context.startsWith("while scanning a") || context.contains("while parsing a flow");
    int doubtfulLine = isInsideOpened ? Math.min(met.line(), opened.line()) : met.line();
    for (Rule rule : RULES) {
      if (rule.fits(context, problem)) {
        Span told = rule.isToldAtOpening() ? opened : met;
        return new SyntaxError(told, rule.message(), rule.fix(), doubtfulLine);
      }
    }
    return new SyntaxError(
        met, "not well-formed YAML: " + Quote.shown(problem), "correct this place", doubtfulLine);
  }

  /// The line and column of a code point offset.
  private static Span placeOf(Source source, int offset) {
    int left = offset;
    for (int line = 1; line <= source.lines().size(); line++) {
      String text = source.line(line);
      int length = text.codePointCount(0, text.length());
      if (left <= length) {
        return new Span(source, line, left + 1, line, left + 2);
      }
      left -= length + 1;
    }
    return source.whole();
  }

  /// One character; behind the last one when the text ended too early.
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
