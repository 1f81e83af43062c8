package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The members of a JSON object, each asked for by name and type. What nobody asked for is refused
/// at the end ([#noMore]), so that a mistyped name is told and not passed over. Every method throws
/// a [WeirException] MALFORMED that names the member. One thread.
public final class JsonFields {
  private final Map<String, JsonValue> values;
  private final Set<String> asked = new TreeSet<>();

  public JsonFields(Map<String, JsonValue> values) {
    this.values = values;
  }

  /// Of a document that must be an object.
  public static JsonFields of(Bytes document) {
    return of("The body", JsonReader.read(document));
  }

  /// @param what the value's name in messages
  public static JsonFields of(String what, JsonValue value) {
    if (value instanceof JsonValue.Members(Map<String, JsonValue> members)) {
      return new JsonFields(members);
    }
    throw JsonReader.malformed(what + " is " + value.kind() + ", expected an object.");
  }

  /// The value; null and absent are the same.
  private @Nullable JsonValue value(String name) {
    asked.add(name);
    JsonValue value = values.get(name);
    return value instanceof JsonValue.Null ? null : value;
  }

  public boolean has(String name) {
    return value(name) != null;
  }

  /// Any value, as it is.
  public Optional<JsonValue> any(String name) {
    return Optional.ofNullable(value(name));
  }

  public Optional<String> text(String name) {
    return switch (value(name)) {
      case null -> Optional.empty();
      case JsonValue.Text(String text) -> Optional.of(text);
      case JsonValue other -> throw wrong(name, other, "a string");
    };
  }

  /// Bytes, where the document has such a kind.
  Optional<Bytes> blob(String name) {
    return value(name) instanceof JsonValue.Blob(Bytes bytes)
        ? Optional.of(bytes)
        : Optional.empty();
  }

  public String requiredText(String name) {
    return text(name)
        .orElseThrow(() -> JsonReader.malformed("The field '" + name + "' is missing."));
  }

  public long number(String name, long low, long high, long byDefault) {
    JsonValue value = value(name);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof JsonValue.Numeral(String digits) && digits.matches("\\d{1,18}")) {
      long number = Long.parseLong(digits);
      if (number >= low && number <= high) {
        return number;
      }
    }
    String shown = value instanceof JsonValue.Numeral(String digits) ? digits : value.kind();
    throw JsonReader.malformed(
        "The field '" + name + "' is " + shown + ", expected " + low + " to " + high + ".");
  }

  public boolean truth(String name, boolean byDefault) {
    return switch (value(name)) {
      case null -> byDefault;
      case JsonValue.Truth(boolean isTrue) -> isTrue;
      case JsonValue other -> throw wrong(name, other, "true or false");
    };
  }

  /// A duration such as `30s`.
  public Optional<Duration> duration(String name) {
    return text(name).map(text -> Texts.duration("field '" + name + "'", text));
  }

  public List<String> texts(String name) {
    return switch (value(name)) {
      case null -> List.of();
      case JsonValue.Items(List<JsonValue> items) -> {
        List<String> texts = new ArrayList<>(items.size());
        for (JsonValue item : items) {
          if (!(item instanceof JsonValue.Text(String text))) {
            throw wrong(name, item, "strings only");
          }
          texts.add(text);
        }
        yield texts;
      }
      case JsonValue other -> throw wrong(name, other, "an array of strings");
    };
  }

  public Map<String, String> textMap(String name) {
    return switch (value(name)) {
      case null -> Map.of();
      case JsonValue.Members(Map<String, JsonValue> members) -> {
        Map<String, String> texts = new LinkedHashMap<>();
        members.forEach((key, value) -> {
          if (!(value instanceof JsonValue.Text(String text))) {
            throw wrong(name + "." + key, value, "a string");
          }
          texts.put(key, text);
        });
        yield texts;
      }
      case JsonValue other -> throw wrong(name, other, "an object of strings");
    };
  }

  /// Refuses members that nobody asked for.
  public void noMore() {
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(asked);
    if (!unknown.isEmpty()) {
      throw JsonReader.malformed(
          "The field '"
              + unknown.iterator().next()
              + "' is not known, expected "
              + String.join(", ", asked)
              + ".");
    }
  }

  private static WeirException wrong(String name, JsonValue value, String expected) {
    return JsonReader.malformed(
        "The field '" + name + "' is " + value.kind() + ", expected " + expected + ".");
  }
}
