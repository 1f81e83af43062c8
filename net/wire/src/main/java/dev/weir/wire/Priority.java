package dev.weir.wire;

/// Which streams go first when a connection cannot carry everything at once. Classes are strict,
/// but bulk keeps a twentieth of the frames.
public enum Priority {
  /// Frames of the connection itself.
  CONTROL,
  /// Somebody waits for each answer.
  INTERACTIVE,
  NORMAL,
  /// Nobody waits: backlogs, copies.
  BULK;

  private static final Priority[] BY_NUMBER = values();

  static Priority of(int flags) {
    return BY_NUMBER[(flags >> FrameHeader.PRIORITY_SHIFT) & 3];
  }

  @SuppressWarnings("EnumOrdinal") // The order is the number on the wire; a test holds it.
  int number() {
    return ordinal();
  }

  int flags() {
    return number() << FrameHeader.PRIORITY_SHIFT;
  }
}
