package dev.weir.message.columnar;

import java.util.Optional;

/// What bodies can be turned into columns. A further shape is a constant here, an encoder and a
/// decoder.
public enum RowShape {
  /// `application/vnd.weir.rows`: rows of 20 bytes, little-endian `{u32 series, i64 time in
  /// milliseconds, f64 value}`.
  ROWS(1, "application/vnd.weir.rows"),
  /// Prometheus text exposition format 0.0.4, a line a sample. Whatever is no such line is kept as
  /// it is, in its place.
  TEXT(2, "text/plain; version=0.0.4");

  private final int number;
  private final String contentType;

  RowShape(int number, String contentType) {
    this.number = number;
    this.contentType = contentType;
  }

  int number() {
    return number;
  }

  /// The shape that a content type announces, parameters aside.
  public static Optional<RowShape> of(String contentType) {
    for (RowShape shape : values()) {
      String start = shape.contentType;
      if (contentType.startsWith(start)
          && (contentType.length() == start.length()
              || contentType.charAt(start.length()) == ';')) {
        return Optional.of(shape);
      }
    }
    return Optional.empty();
  }

  /// Whether a body of so many bytes can be of this shape.
  public boolean fits(int bodyLength) {
    return switch (this) {
      case ROWS -> bodyLength % BinaryRows.ROW_BYTES == 0;
      case TEXT -> true;
    };
  }
}
