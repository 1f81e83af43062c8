package dev.weir.broker;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is still to be told of what was committed. A crowd is told in slices, crowds in turn, and
/// whoever wants something else is told in between.
///
/// What comes for a crowd that has not been told of the one before joins that, so that at most two
/// announcements for a crowd are open, however fast its topic is.
///
/// Pure. Owned by one thread.
///
/// @param <S> who is told
final class Announcements<S> {
  /// Some 50 µs of the thread that tells.
  static final int SLICE = 256;

  /// Tells one of them.
  @FunctionalInterface
  interface Teller<S> {
    void tell(S whom, int partition, long firstOffset, long lastOffset, String topic);
  }

  private static final class Announcement<S> {
    private final List<S> whom;
    private final String topic;
    private final int partition;
    private final long firstOffset;
    private long lastOffset;
    private int told;

    Announcement(List<S> whom, String topic, int partition, long firstOffset, long lastOffset) {
      this.whom = whom;
      this.topic = topic;
      this.partition = partition;
      this.firstOffset = firstOffset;
      this.lastOffset = lastOffset;
    }

    /// @return whether somebody is left
    boolean tellSome(Teller<S> teller) {
      int end = Math.min(whom.size(), told + SLICE);
      while (told < end) {
        teller.tell(whom.get(told), partition, firstOffset, lastOffset, topic);
        told++;
      }
      return told < whom.size();
    }
  }

  private final Teller<S> teller;
  private final ArrayDeque<Announcement<S>> open = new ArrayDeque<>();

  Announcements(Teller<S> teller) {
    this.teller = teller;
  }

  /// Tells the first slice; the rest is for [#tellSome].
  ///
  /// @param whom never changed; the same list for the same crowd
  /// @param firstOffset behind those of earlier announcements of the partition
  /// @param lastOffset of what is announced
  void announce(List<S> whom, String topic, int partition, long firstOffset, long lastOffset) {
    Announcement<S> waiting = waiting(whom, partition);
    if (waiting != null) {
      waiting.lastOffset = lastOffset;
      return;
    }
    Announcement<S> fresh = new Announcement<>(whom, topic, partition, firstOffset, lastOffset);
    if (isOpenFor(whom) || fresh.tellSome(teller)) {
      open.add(fresh);
    }
  }

  /// One that nobody has been told yet.
  @SuppressWarnings(
      "ReferenceEquality") // The same list is the same crowd; others are not compared.
  private @Nullable Announcement<S> waiting(List<S> whom, int partition) {
    for (Announcement<S> each : open) {
      if (each.whom == whom && each.partition == partition && each.told == 0) {
        return each;
      }
    }
    return null;
  }

  @SuppressWarnings("ReferenceEquality") // As above.
  private boolean isOpenFor(List<S> whom) {
    for (Announcement<S> each : open) {
      if (each.whom == whom) {
        return true;
      }
    }
    return false;
  }

  /// Tells the next slice of the crowd whose turn it is; nothing when nobody is left.
  void tellSome() {
    Announcement<S> next = open.poll();
    if (next != null && next.tellSome(teller)) {
      open.add(next);
    }
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /// Everything of the partition before it was told to all.
  ///
  /// @param end of what was announced
  long toldUpTo(int partition, long end) {
    long offset = end;
    for (Announcement<S> each : open) {
      if (each.partition == partition) {
        offset = Math.min(offset, each.firstOffset);
      }
    }
    return offset;
  }
}
