package dev.weir.broker;

import java.util.concurrent.atomic.AtomicBoolean;

/// A subscription's right to deliver, while others wait for theirs: see [Subscriber#deliver]. Any
/// thread.
public final class Turn {
  private final FairTurns turns;
  private final int units;
  private final AtomicBoolean isOver = new AtomicBoolean();

  Turn(FairTurns turns, int units) {
    this.turns = turns;
    this.units = units;
  }

  /// Somebody else may deliver. Does not block; idempotent.
  public void end() {
    if (isOver.compareAndSet(false, true)) {
      turns.give(units);
    }
  }
}
