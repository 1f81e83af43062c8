package dev.weir.broker;

import dev.weir.base.Checks;

/// Messages `[fromOffset, toOffset)` that were stored and cannot be read.
public record StoredGap(int partition, long fromOffset, long toOffset, GapReason reason)
    implements StoredEvent {
  public StoredGap {
    Checks.range("toOffset", toOffset, fromOffset + 1, Long.MAX_VALUE);
  }
}
