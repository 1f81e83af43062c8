package dev.weir.message.columnar;

import java.util.List;

/// What bodies can be turned into columns. A further shape is a constant here, an encoder and a
/// [BodyDecoder].
public enum RowShape {
  /// Anything else: such bodies stay as they are, among the others.
  OTHER(0),
  /// `application/vnd.weir.rows`: rows of 20 bytes, little-endian `{u32 series, i64 time in
  /// milliseconds, f64 value}`.
  ROWS(1, "application/vnd.weir.rows"),
  /// Prometheus text exposition format 0.0.4, a line a sample. Whatever is no such line is kept as
  /// it is, in its place.
  TEXT(2, "text/plain; version=0.0.4"),
  /// JSON texts (RFC 8259), objects with the same keys one behind the other: lines, or the elements
  /// of an array. Text that is none is kept as it is, in its place.
  JSON(3, "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl");

  private static final List<RowShape> KNOWN = List.of(ROWS, TEXT, JSON);

  private final int number;
  private final List<String> contentTypes;

  RowShape(int number, String... contentTypes) {
    this.number = number;
    this.contentTypes = List.of(contentTypes);
  }

  int number() {
    return number;
  }

  /// The shape that a content type announces, parameters aside.
  public static RowShape of(String contentType) {
    for (RowShape shape : KNOWN) {
      for (String name : shape.contentTypes) {
        if (isNamed(contentType, name)) {
          return shape;
        }
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
