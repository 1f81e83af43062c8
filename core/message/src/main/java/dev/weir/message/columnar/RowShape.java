package dev.weir.message.columnar;

import java.util.Map;

/// What bodies can be turned into columns. A further shape is a constant here, an encoder and a
/// [BodyDecoder].
public enum RowShape {
  /// Anything else: such bodies stay as they are, among the others.
  OTHER(0),
  /// `application/vnd.weir.rows`: rows of 20 bytes, little-endian `{u32 series, i64 time in
  /// milliseconds, f64 value}`.
  ROWS(1),
  /// Prometheus text exposition format 0.0.4, a line a sample. Whatever is no such line is kept as
  /// it is, in its place.
  TEXT(2),
  /// JSON texts (RFC 8259), objects with the same keys one behind the other: lines, or the elements
  /// of an array. Text that is none is kept as it is, in its place.
  JSON(3);

  /// By the content type that announces it.
  private static final Map<String, RowShape> NAMED =
      Map.of(
          "application/vnd.weir.rows", ROWS,
          "text/plain; version=0.0.4", TEXT,
          "application/json", JSON,
          "application/x-ndjson", JSON,
          "application/ndjson", JSON,
          "application/jsonl", JSON);

  private final int number;

  RowShape(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /// The shape that a content type announces, parameters aside.
  public static RowShape of(String contentType) {
    for (Map.Entry<String, RowShape> named : NAMED.entrySet()) {
      if (isNamed(contentType, named.getKey())) {
        return named.getValue();
      }
    }
    return OTHER;
  }

  private static boolean isNamed(String contentType, String name) {
    int length = name.length();
    return contentType.startsWith(name)
        && (contentType.length() == length || contentType.charAt(length) == ';');
  }

  /// Whether a body of so many bytes can be of this shape.
  public boolean fits(int bodyLength) {
    return switch (this) {
      case ROWS -> bodyLength % BinaryRows.ROW_BYTES == 0;
      case TEXT, JSON, OTHER -> true;
    };
  }
}
