package dev.weir.log;

/// Sizes that every segment shares. Changing one changes the format version.
final class Layout {
  /// One page: the header never shares a page with a frame.
  static final int SEGMENT_HEADER_BYTES = 4096;

  static final int FRAME_HEADER_BYTES = 64;

  /// After a SEAL frame: where that frame begins, so that a complete segment is known by its end.
  static final int TRAILER_BYTES = 24;

  /// Frames begin at multiples of this, which makes the search for the next one after damage an
  /// eighth of the work.
  static final int ALIGNMENT = 8;

  /// A body is indexed by an int together with its header, and no owner sends frames near this:
  /// links carry 16 MiB at most.
  static final int LARGEST_BODY_BYTES = 1 << 30;

  private Layout() {}

  /// Rounds up to the next frame position.
  static int align(int bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
