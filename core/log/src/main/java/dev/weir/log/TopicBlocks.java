package dev.weir.log;

/// Which blocks of one segment a reader by topic has to read.
///
/// @param wanted one entry per block; null when the segment does not list its topics
@SuppressWarnings("ArrayRecordComponent") // never compared: a reader's own scratch
record TopicBlocks(
    long segment, SegmentFooter footer, boolean @org.jspecify.annotations.Nullable [] wanted) {

  /// The first position at or after the given one that has to be read, at most the limit.
  long nextWanted(long position, long limit) {
    if (wanted == null) {
      return position;
    }
    int block = Math.max(footer.blockOfPosition(position), 0);
    if (block < wanted.length && wanted[block]) {
      return position;
    }
    for (int next = block + 1; next < wanted.length; next++) {
      if (wanted[next]) {
        return Math.max(position, footer.blockPosition(next));
      }
    }
    return limit;
  }

  /// The offset at the start of a block, or `end` behind the last one.
  long offsetAt(long position, long end) {
    int block = footer.blockOfPosition(position);
    return block >= 0 && footer.blockPosition(block) == position ? footer.blockOffset(block) : end;
  }
}
