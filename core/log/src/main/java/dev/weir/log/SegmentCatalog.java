package dev.weir.log;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The segments of a log, oldest first. An immutable array that is replaced: readers on any thread
/// see one or the other; the log's thread adds, the chores thread removes.
final class SegmentCatalog {
  private volatile Segment[] segments;

  SegmentCatalog(List<Segment> found) {
    segments = found.toArray(Segment[]::new);
  }

  synchronized void add(Segment segment) {
    Segment[] grown = Arrays.copyOf(segments, segments.length + 1);
    grown[grown.length - 1] = segment;
    segments = grown;
  }

  /// Takes the oldest ones out and returns them.
  synchronized List<Segment> removeFirst(int count) {
    Segment[] current = segments;
    segments = Arrays.copyOfRange(current, count, current.length);
    return List.of(Arrays.copyOf(current, count));
  }

  List<Segment> all() {
    return List.of(segments);
  }

  int size() {
    return segments.length;
  }

  @Nullable Segment first() {
    Segment[] current = segments;
    return current.length == 0 ? null : current[0];
  }

  /// The segment that holds an offset, or the first one when the offset is before all of them.
  @Nullable Segment holding(long offset) {
    Segment[] current = segments;
    int low = 0;
    int high = current.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (current[middle].baseOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return current.length == 0 ? null : current[Math.max(low - 1, 0)];
  }

  /// The oldest segment with a larger number.
  @Nullable Segment after(long number) {
    Segment[] current = segments;
    int low = 0;
    int high = current.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (current[middle].number() <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < current.length ? current[low] : null;
  }
}
