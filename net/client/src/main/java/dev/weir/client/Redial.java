package dev.weir.client;

import dev.weir.flow.Backoff;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One call after another for as long as they are wanted: after each that is lost comes the next,
/// with full jitter, at the next target when it never opened.
///
/// Threads: attempts begin on the timer; calls tell of themselves on the client's event loop. The
/// lock is not held over a call.
final class Redial<C extends Redial.Call> {
  /// A call of its owner.
  interface Call {
    /// Begins; its end may be told before this returns.
    void start(ManagedChannel channel);

    void cancel();
  }

  /// Back within 5 s of its server.
  private static final Backoff BACKOFF = new Backoff(50_000_000L, 5_000_000_000L);

  private final Channels channels;
  private final ScheduledExecutorService timer;
  private final RandomGenerator random;
  private final Part part;
  private final Supplier<C> calls;
  private final ReentrantLock lock = new ReentrantLock();
  private int target;
  private int attempt;
  private boolean isOpened;
  private boolean isEnded;
  private @Nullable C current;

  Redial(
      Channels channels,
      int firstTarget,
      ScheduledExecutorService timer,
      RandomGenerator random,
      Part part,
      Supplier<C> calls) {
    this.channels = channels;
    this.target = firstTarget;
    this.timer = timer;
    this.random = random;
    this.part = part;
    this.calls = calls;
  }

  /// Begins a call.
  void dial() {
    C next = calls.get();
    int chosen;
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      current = next;
      isOpened = false;
      chosen = target;
    } finally {
      lock.unlock();
    }
    part.tell(new ClientState.Connecting());
    next.start(channels.at(chosen));
  }

  @Nullable C current() {
    lock.lock();
    try {
      return current;
    } finally {
      lock.unlock();
    }
  }

  /// The server answered.
  void opened(C call) {
    lock.lock();
    try {
      if (!call.equals(current) || isOpened) {
        return;
      }
      isOpened = true;
      attempt = 0;
    } finally {
      lock.unlock();
    }
    part.tell(new ClientState.Ready());
  }

  /// A call ended before its time; told more than once it counts once.
  void lost(C call, String reason) {
    long delayNanos;
    lock.lock();
    try {
      if (!call.equals(current) || isEnded) {
        return;
      }
      current = null;
      target = isOpened ? target : (target + 1) % channels.count();
      delayNanos = BACKOFF.delayNanos(attempt, random);
      attempt++;
    } finally {
      lock.unlock();
    }
    call.cancel();
    part.tell(new ClientState.Reconnecting(reason, Duration.ofNanos(delayNanos)));
    try {
      var _ = timer.schedule(this::dial, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      end(new ClientState.Closed()); // The client has been closed.
    }
  }

  /// Ends for good.
  ///
  /// @return the last call, where it is still open, for its owner to end; null otherwise
  @Nullable C end(ClientState last) {
    C open;
    lock.lock();
    try {
      if (isEnded) {
        return null;
      }
      isEnded = true;
      open = current;
      current = null;
    } finally {
      lock.unlock();
    }
    part.tell(last);
    return open;
  }
}
