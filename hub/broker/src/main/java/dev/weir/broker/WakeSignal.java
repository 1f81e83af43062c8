package dev.weir.broker;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Lets one thread sleep until others have changed something, without a lock.
///
/// The sleeper says that it sleeps, then looks once more; a waker changes, then looks whether
/// somebody sleeps. Both fields are volatile, so one of the two sees the other.
final class WakeSignal {
  private volatile boolean isSleeping;
  private volatile @Nullable Thread sleeper;

  /// The sleeping thread: returns once the condition holds.
  void await(BooleanSupplier condition) {
    sleeper = Thread.currentThread();
    while (!condition.getAsBoolean()) {
      isSleeping = true;
      if (!condition.getAsBoolean()) {
        LockSupport.park(this);
      }
      isSleeping = false;
    }
  }

  /// Any thread, after it changed what the sleeper waits for.
  void wake() {
    if (isSleeping) {
      LockSupport.unpark(sleeper);
    }
  }
}
