package dev.weir.message.columnar;

/// What bodies can be turned into columns. A further shape is a constant here, an encoder and a
/// [BodyDecoder].
public enum RowShape {
  /// Anything else: such bodies stay as they are, among the others.
  OTHER(0, ""),
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
  public static RowShape of(String contentType) {
    return ROWS.isNamed(contentType) ? ROWS : TEXT.isNamed(contentType) ? TEXT : OTHER;
  }

  private boolean isNamed(String name) {
    int length = contentType.length();
    return name.startsWith(contentType) && (name.length() == length || name.charAt(length) == ';');
  }

  /// Whether a body of so many bytes can be of this shape.
  public boolean fits(int bodyLength) {
    return switch (this) {
      case ROWS -> bodyLength % BinaryRows.ROW_BYTES == 0;
      case TEXT, OTHER -> true;
    };
  }
}
