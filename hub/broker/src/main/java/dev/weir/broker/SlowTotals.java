package dev.weir.broker;

import java.util.concurrent.atomic.AtomicLong;

/// What slow consumers cost so far; see [SlowStats].
record SlowTotals(
    AtomicLong droppedMessages,
    AtomicLong conflatedMessages,
    AtomicLong disconnected,
    AtomicLong heldOffers,
    AtomicLong holdsGivenUp) {
  SlowTotals() {
    this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
  }

  SlowStats stats() {
    return new SlowStats(
        droppedMessages.get(),
        conflatedMessages.get(),
        disconnected.get(),
        heldOffers.get(),
        holdsGivenUp.get());
  }
}
