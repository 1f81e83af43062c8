package dev.weir.log;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The newest durable frames, in memory, so that subscribers who keep up never read the disk and
/// all share one copy.
///
/// A ring of places numbered without end. The log's thread puts and evicts; readers on any thread
/// take by number and find either that frame or nothing: a reader holds a number, never a link from
/// frame to frame, so one that stops keeps nothing alive.
final class TailCache {
  /// Bounds the cost of many tiny frames; a power of two.
  private static final int PLACES = 8192;

  /// What a frame takes on the heap beside its bytes.
  private static final int OVERHEAD_BYTES = 200;

  private final AtomicReferenceArray<@Nullable Place> ring = new AtomicReferenceArray<>(PLACES);
  private final long maxBytes;
  private long heldBytes;
  private volatile long first;
  private volatile long end;

  /// A frame with its place in the log.
  record Place(
      long number,
      long segment,
      long position,
      long nextPosition,
      LogEvent.Frame frame,
      List<String> topics) {
    long bytes() {
      return OVERHEAD_BYTES + (long) frame.header().length() + frame.payload().length();
    }

    boolean isAtOrAfter(long otherSegment, long otherPosition) {
      return segment > otherSegment || (segment == otherSegment && position >= otherPosition);
    }
  }

  /// @param maxBytes what its frames may take; the newest one is held in any case
  TailCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// The log's thread: adds the next frame.
  void put(
      long segment, long position, long nextPosition, LogEvent.Frame frame, List<String> topics) {
    long number = end;
    if (number - first == PLACES) {
      evict();
    }
    Place place = new Place(number, segment, position, nextPosition, frame, topics);
    ring.set(index(number), place);
    heldBytes += place.bytes();
    end = number + 1;
    while (heldBytes > maxBytes && first < number) {
      evict();
    }
  }

  private void evict() {
    long oldestNumber = first;
    int index = index(oldestNumber);
    @Nullable Place oldest = ring.get(index);
    ring.set(index, null);
    first = oldestNumber + 1;
    if (oldest != null) {
      heldBytes -= oldest.bytes();
    }
  }

  /// The log's thread: forgets everything.
  void clear() {
    while (first < end) {
      evict();
    }
  }

  /// The frame with a number, null when it is evicted or not yet there.
  @Nullable Place at(long number) {
    @Nullable Place place = ring.get(index(number));
    return place != null && place.number() == number ? place : null;
  }

  /// The number of the first frame at or after a place of the log, -1 when frames between that
  /// place and the cache are not held.
  long find(long segment, long position) {
    long low = first;
    long high = end;
    @Nullable Place oldest = low < high ? at(low) : null;
    if (oldest == null
        || (oldest.isAtOrAfter(segment, position)
            && !(oldest.segment() == segment && oldest.position() == position))) {
      return -1;
    }
    while (low < high) {
      long middle = (low + high) >>> 1;
      @Nullable Place place = at(middle);
      if (place == null) {
        return -1; // evicted meanwhile: the disk has it
      }
      if (place.isAtOrAfter(segment, position)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static int index(long number) {
    return (int) (number & (PLACES - 1));
  }
}
