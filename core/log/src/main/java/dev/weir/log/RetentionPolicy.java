package dev.weir.log;

import java.util.List;

/// Decides how many of the oldest segments go. A pure function; the chores thread calls it.
final class RetentionPolicy {
  private RetentionPolicy() {}

  /// A segment as the decision sees it.
  ///
  /// @param endOffset one after its last message
  /// @param bytes its size on disk
  /// @param lastMicros the time of its last frame
  record Candidate(long endOffset, long bytes, long lastMicros) {}

  /// What the decision depends on beside the segments.
  ///
  /// @param totalBytes all segments together, the newest included
  /// @param freeBytes what the file system has left
  /// @param nowMicros wall-clock time
  /// @param cursorOffset the slowest durable cursor; ignored unless the policy waits for it
  /// @param dropBefore messages below this offset were given up explicitly, whatever the policy
  ///   says
  record Situation(
      long totalBytes, long freeBytes, long nowMicros, long cursorOffset, long dropBefore) {}

  /// @param candidates oldest first, without the newest segment, which always stays
  /// @return how many of them to remove
  static int excess(Retention retention, List<Candidate> candidates, Situation situation) {
    long total = situation.totalBytes();
    long free = situation.freeBytes();
    int count = 0;
    for (Candidate candidate : candidates) {
      boolean isGivenUp = candidate.endOffset() <= situation.dropBefore();
      boolean isWaitedFor =
          retention.waitForCursor() && candidate.endOffset() > situation.cursorOffset();
      boolean isExcess =
          total > retention.bytes().bytes()
              || free < retention.freeDiskFloor().bytes()
              || situation.nowMicros() - candidate.lastMicros() > retention.ageMicros();
      if (!isGivenUp && (isWaitedFor || !isExcess)) {
        break;
      }
      total -= candidate.bytes();
      free = Math.min(free, Long.MAX_VALUE - candidate.bytes()) + candidate.bytes();
      count++;
    }
    return count;
  }
}
