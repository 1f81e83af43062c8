package dev.weir.config.mistake;

import dev.weir.base.ErrorCode;
import java.util.Comparator;

/// One thing that is wrong.
///
/// @param pointer the JSON pointer of the setting (RFC 6901), empty for the whole file
/// @param message what is wrong, with the value and what was expected
/// @param fix what to do
public record Mistake(
    ErrorCode code, Severity severity, Span span, String pointer, String message, String fix) {
  /// By line and column; sources keep the order in which they were found.
  public static final Comparator<Mistake> BY_PLACE =
      Comparator.comparingInt((Mistake mistake) -> mistake.span().line())
          .thenComparingInt(mistake -> mistake.span().column());

  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
