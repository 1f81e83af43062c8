package dev.weir.testkit;

import dev.weir.base.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for something that another thread or process brings about: asks again and again until it
/// holds or a deadline passes. The only place in tests that waits for real time.
public final class Eventually {
  /// Long enough for a loaded two-core machine; a passing test never waits for it.
  public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(20);

  private static final long POLL_NANOS = 500_000L;

  private Eventually() {}

  /// Waits up to [#DEFAULT_DEADLINE] until the condition holds.
  ///
  /// @throws AssertionError naming `what` when the deadline passes
  public static void eventually(String what, Callable<Boolean> condition) {
    eventually(what, DEFAULT_DEADLINE, condition);
  }

  /// Waits until the condition holds.
  ///
  /// @throws AssertionError naming `what` when the deadline passes; a condition that still throws
  ///   then is the cause
  public static void eventually(String what, Duration deadline, Callable<Boolean> condition) {
    long endNanos = Clock.SYSTEM.nanoTime() + deadline.toNanos();
    Throwable last = null;
    do {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception | AssertionError e) {
        last = e;
      }
      LockSupport.parkNanos(POLL_NANOS);
    } while (Clock.SYSTEM.nanoTime() < endNanos);
    throw new AssertionError("not within " + deadline.toMillis() + " ms: " + what, last);
  }

  /// Waits up to [#DEFAULT_DEADLINE] until the assertions in `check` pass.
  ///
  /// @throws AssertionError with the last failure as its cause when the deadline passes
  public static void eventuallyPasses(String what, Runnable check) {
    eventually(
        what,
        () -> {
          check.run();
          return true;
        });
  }

  /// Waits up to [#DEFAULT_DEADLINE] until the supplier gives something, and returns that.
  ///
  /// @throws AssertionError naming `what` when the deadline passes
  public static <T> T eventuallyPresent(String what, Supplier<? extends @Nullable T> supplier) {
    long endNanos = Clock.SYSTEM.nanoTime() + DEFAULT_DEADLINE.toNanos();
    do {
      T value = supplier.get();
      if (value != null) {
        return value;
      }
      LockSupport.parkNanos(POLL_NANOS);
    } while (Clock.SYSTEM.nanoTime() < endNanos);
    throw new AssertionError("not within " + DEFAULT_DEADLINE.toMillis() + " ms: " + what);
  }
}
