package dev.weir.log;

import java.util.List;

/// What the verifier found.
///
/// @param segments one report per segment, oldest first
/// @param firstOffset the first message that is there
/// @param endOffset one after the last
public record VerifyReport(List<SegmentReport> segments, long firstOffset, long endOffset) {
  public VerifyReport {
    segments = List.copyOf(segments);
  }

  /// Whether every byte that belongs to the log is what was written.
  public boolean isIntact() {
    return segments.stream().allMatch(SegmentReport::isIntact);
  }

  /// Messages that are lost in holes and between segments.
  public long lostMessages() {
    return segments.stream().mapToLong(SegmentReport::lostMessages).sum();
  }

  /// What the verifier found in one segment.
  ///
  /// @param fileName its file
  /// @param number its number
  /// @param baseOffset its first message
  /// @param endOffset one after its last message
  /// @param frames whole DATA frames
  /// @param messages messages in them
  /// @param bytes the file's size
  /// @param isSealed whether it ends with a whole footer
  /// @param unusedBytes bytes behind the last frame: laid out in advance, or a tail that was never
  ///   acknowledged
  /// @param holes damaged ranges
  /// @param lostMessages messages missing here or between this segment and the one before
  /// @param dictionaries compression dictionaries that its frames use
  /// @param problem what is wrong beside holes, empty when nothing is
  public record SegmentReport(
      String fileName,
      long number,
      long baseOffset,
      long endOffset,
      long frames,
      long messages,
      long bytes,
      boolean isSealed,
      long unusedBytes,
      List<Hole> holes,
      long lostMessages,
      int dictionaries,
      String problem) {
    public SegmentReport {
      holes = List.copyOf(holes);
    }

    public boolean isIntact() {
      return holes.isEmpty() && lostMessages == 0 && problem.isEmpty();
    }
  }
}
