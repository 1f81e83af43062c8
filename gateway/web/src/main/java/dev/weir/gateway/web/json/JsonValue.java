package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A value of a JSON document that was read.
public sealed interface JsonValue {
  /// A string.
  record Text(String text) implements JsonValue {}

  /// Bytes, which JSON has not.
  record Blob(Bytes bytes) implements JsonValue {}

  /// A number, as it is written.
  record Numeral(String digits) implements JsonValue {}

  /// True or false.
  record Truth(boolean isTrue) implements JsonValue {}

  /// The word null.
  record Null() implements JsonValue {}

  /// An array.
  record Items(List<JsonValue> values) implements JsonValue {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// An object, in the order of its members.
  record Members(Map<String, JsonValue> values) implements JsonValue {
    public Members {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
  }

  /// What it is called in messages to people.
  default String kind() {
    return switch (this) {
      case Text _ -> "a string";
      case Blob _ -> "bytes";
      case Numeral _ -> "a number";
      case Truth _ -> "true or false";
      case Null _ -> "null";
      case Items _ -> "an array";
      case Members _ -> "an object";
    };
  }
}
