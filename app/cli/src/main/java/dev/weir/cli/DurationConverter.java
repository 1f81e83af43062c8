package dev.weir.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `250ms`, `30s`, `5m`, `2h`, `7d`.
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  /// A century, which fits into nanoseconds.
  private static final Duration LONGEST = Duration.ofDays(36_500);

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORMAT.matcher(text);
    Duration duration = matcher.matches() ? duration(matcher) : LONGEST.plusDays(1);
    if (duration.compareTo(LONGEST) > 0) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not a duration, expected a number and ms, s, m, h or d, such as 30s, at most"
              + " 36500d");
    }
    return duration;
  }

  private static Duration duration(Matcher matcher) {
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
