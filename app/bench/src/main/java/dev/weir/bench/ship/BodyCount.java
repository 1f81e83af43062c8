package dev.weir.bench.ship;

import dev.weir.base.Bytes;
import dev.weir.bench.data.DataPool;
import java.util.BitSet;

/// Counts the bodies that a far end holds against those that were sent. One thread.
final class BodyCount {
  private final DataPool pool;
  private final long sentCount;
  private final BitSet seen = new BitSet();
  private long stored;
  private long duplicated;
  private long damaged;
  private long disordered;
  private long newest = -1;

  /// @param pool of what was sent
  /// @param sentCount numbers from 0 on that were sent and must be there, at most 2^31
  BodyCount(DataPool pool, long sentCount) {
    this.pool = pool;
    this.sentCount = sentCount;
  }

  /// A body that is there, in the order of the store.
  ///
  /// @return whether it is one of those sent, and there for the first time
  boolean add(Bytes body) {
    stored++;
    long number = pool.number(body);
    if (number < 0 || number >= sentCount || !pool.isBody(number, body)) {
      damaged++;
      return false;
    }
    if (seen.get((int) number)) {
      duplicated++;
      return false;
    }
    seen.set((int) number);
    disordered += number < newest ? 1 : 0;
    newest = Math.max(newest, number);
    return true;
  }

  ShipAudit.Verdict verdict() {
    return new ShipAudit.Verdict(
        stored, sentCount - seen.cardinality(), duplicated, damaged, disordered);
  }
}
