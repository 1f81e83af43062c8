package dev.weir.auth.guard;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets calls of one thread through until it is shut, and then one last call: at once when none is
/// under way, else by the thread whose call it is, when that returns. So whoever is called is never
/// called by two threads at a time, and never after the last call.
final class CallGate {
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private boolean isWithin;
  private boolean isShut;
  private @Nullable Runnable last;

  /// Whether a call may be made; [#leave] must follow it.
  boolean enter() {
    lock.lock();
    try {
      isWithin = !isShut;
      return isWithin;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    Runnable now;
    lock.lock();
    try {
      isWithin = false;
      now = last;
      last = null;
    } finally {
      lock.unlock();
    }
    if (now != null) {
      now.run();
    }
  }

  /// Lets nothing through any more but the call that is under way and the last one.
  ///
  /// @return whether it was open
  boolean shut(Runnable lastCall) {
    boolean isNow;
    lock.lock();
    try {
      if (isShut) {
        return false;
      }
      isShut = true;
      isNow = !isWithin;
      last = isNow ? null : lastCall;
    } finally {
      lock.unlock();
    }
    if (isNow) {
      lastCall.run();
    }
    return true;
  }

  boolean isShut() {
    lock.lock();
    try {
      return isShut;
    } finally {
      lock.unlock();
    }
  }
}
