package dev.weir.config.schema;

import dev.weir.base.ByteSize;
import dev.weir.config.mistake.Quote;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.ValueReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The types of single values. Every printer writes what its reader reads back to an equal value.
public final class Values {
  /// How an optional value is left out.
  public static final String NONE = "none";

  private Values() {}

  public static Value<Boolean> bool() {
    List<String> choices = List.of("true", "false");
    return new Value<>(
        "boolean",
        "",
        choices,
        (text, _) ->
            choices.contains(text)
                ? Reading.of(text.equals("true"))
                : Reading.wrongType("true or false", fixForBool(text)),
        Object::toString);
  }

  private static String fixForBool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "on", "1", "true" -> "write true";
      case "no", "off", "0", "false" -> "write false";
      default -> "";
    };
  }

  /// A whole number from `low` to `high`.
  public static Value<Integer> integer(String unit, int low, int high) {
    String range = low + " to " + high + (unit.isEmpty() ? "" : " " + unit);
    String expected = "a whole number, " + range;
    ValueReader<Integer> reader =
        (text, _) -> {
          if (!text.matches("-?\\d{1,18}")) {
            return Reading.wrongType(expected, "");
          }
          long number = Long.parseLong(text);
          return number >= low && number <= high
              ? Reading.of((int) number)
              : Reading.outOfRange(range, nearest(number < low, "" + low, "" + high));
        };
    return new Value<>("number", range, List.of(), reader, Object::toString);
  }

  /// A number of bytes between two sizes.
  public static Value<ByteSize> size(String low, String high) {
    ByteSize min = ByteSize.parse(low);
    ByteSize max = ByteSize.parse(high);
    String range = low + " to " + high;
    ValueReader<ByteSize> reader =
        (text, _) -> {
          ByteSize size;
          try {
            size = ByteSize.parse(text);
          } catch (IllegalArgumentException _) {
            return Reading.wrongType(
                "a size from " + range, "write a number and a unit: KiB, MiB, GiB, or KB, MB, GB");
          }
          boolean isLow = size.compareTo(min) < 0;
          return isLow || size.compareTo(max) > 0
              ? Reading.outOfRange(range, nearest(isLow, low, high))
              : Reading.of(size);
        };
    return new Value<>("size", range, List.of(), reader, SizeText::print);
  }

  /// A time span between two others.
  public static Value<Duration> duration(String low, String high) {
    Duration min = DurationText.parse(low).orElseThrow();
    Duration max = DurationText.parse(high).orElseThrow();
    String range = low + " to " + high;
    ValueReader<Duration> reader =
        (text, _) -> {
          Optional<Duration> duration = DurationText.parse(text);
          if (duration.isEmpty()) {
            return Reading.wrongType("a duration from " + range, fixForDuration(text));
          }
          boolean isLow = duration.get().compareTo(min) < 0;
          return isLow || duration.get().compareTo(max) > 0
              ? Reading.outOfRange(range, nearest(isLow, low, high))
              : Reading.of(duration.get());
        };
    return new Value<>("duration", range, List.of(), reader, DurationText::print);
  }

  private static String fixForDuration(String text) {
    return text.matches("\\d{1,9}")
        ? "add the unit: " + text + "s or " + text + "ms"
        : "write a whole number and one unit: ms, s, m, h or d";
  }

  /// One of the constants of an enum, written in camelCase: `DROP_OLDEST` as `dropOldest`.
  public static <E extends Enum<E>> Value<E> choice(List<E> constants) {
    Map<String, E> byText = new LinkedHashMap<>();
    constants.forEach(constant -> byText.put(camelCase(constant), constant));
    return choice(byText, Values::camelCase);
  }

  static Value<String> choiceOf(List<String> texts) {
    Map<String, String> byText = new LinkedHashMap<>();
    texts.forEach(text -> byText.put(text, text));
    return choice(byText, Function.identity());
  }

  private static <T> Value<T> choice(Map<String, T> byText, Function<T, String> printer) {
    List<String> choices = List.copyOf(byText.keySet());
    ValueReader<T> reader =
        (text, _) -> {
          T found = byText.get(text);
          return found != null
              ? Reading.of(found)
              : Reading.wrongType(
                  either(choices),
                  Suggestion.nearest(text, choices).map(n -> "did you mean " + n + "?").orElse(""));
        };
    return new Value<>("choice", String.join(", ", choices), choices, reader, printer);
  }

  /// The same value or `none`.
  public static <T> Value<Optional<T>> optional(Value<T> inner) {
    return or(NONE, inner);
  }

  /// The same value or `auto`.
  public static <T> Value<Optional<T>> orAuto(Value<T> inner) {
    return or("auto", inner);
  }

  private static <T> Value<Optional<T>> or(String word, Value<T> inner) {
    ValueReader<Optional<T>> reader =
        (text, environment) ->
            text.equals(word)
                ? Reading.of(Optional.empty())
                : switch (inner.reader().read(text, environment)) {
                  case Reading.Accepted<T>(T value) -> Reading.of(Optional.of(value));
                  case Reading.Rejected<T>(var code, String expected, String fix) ->
                      new Reading.Rejected<>(code, expected + ", or " + word, fix);
                };
    return new Value<>(
        inner.kind(),
        inner.range().isEmpty() ? "or " + word : inner.range() + ", or " + word,
        inner.choices(),
        reader,
        value -> value.map(inner.printer()).orElse(word));
  }

  /// A value with a reader of its own.
  public static <T> Value<T> custom(
      String kind, String range, ValueReader<T> reader, Function<T, String> printer) {
    return new Value<>(kind, range, List.of(), reader, printer);
  }

  private static String nearest(boolean isLow, String low, String high) {
    return isLow ? "the smallest allowed is " + low : "the largest allowed is " + high;
  }

  /// `a, b or c`.
  static String either(List<String> choices) {
    int last = choices.size() - 1;
    return last == 0
        ? Quote.shown(choices.getFirst())
        : String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
  }

  private static String camelCase(Enum<?> constant) {
    StringBuilder text = new StringBuilder();
    for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      text.append(
          text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return text.toString();
  }
}
