package dev.weir.broker;

import dev.weir.broker.explain.SubscriptionTrace.Relation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a subscription remembers for who asks why: where it began, and its newest gaps. Told by the
/// subscription's thread, asked by any.
final class SubscriptionPast {
  /// An older gap is forgotten: what lies in it counts as passed then.
  private static final int MAX_GAPS = 32;

  private final Deque<StoredGap> gaps = new ArrayDeque<>(1);
  private volatile long @Nullable [] starts;

  void began(long[] offsets) {
    starts = Arrays.copyOf(offsets, offsets.length);
  }

  /// Where it began in a partition; -1 while it looks for that.
  private long start(int partition) {
    long[] known = starts;
    return known == null ? -1 : known[partition];
  }

  void told(StoredGap gap) {
    synchronized (gaps) {
      if (gaps.size() == MAX_GAPS) {
        gaps.removeFirst();
      }
      gaps.addLast(gap);
    }
  }

  /// How it stands to a message that its filters match.
  ///
  /// @param reached everything before it was delivered or passed over
  Relation relation(int partition, long offset, long reached) {
    long start = start(partition);
    if (start < 0) {
      return Relation.OPENING;
    }
    if (offset < start) {
      return Relation.BEGAN_LATER;
    }
    if (gap(partition, offset).isPresent()) {
      return Relation.GAP;
    }
    return offset < reached ? Relation.PASSED : Relation.BEHIND;
  }

  /// Why a message was told as missing; none when it was not.
  Optional<GapReason> gap(int partition, long offset) {
    synchronized (gaps) {
      return gaps.stream()
          .filter(gap -> gap.partition() == partition)
          .filter(gap -> gap.fromOffset() <= offset && offset < gap.toOffset())
          .map(StoredGap::reason)
          .findFirst();
    }
  }
}
