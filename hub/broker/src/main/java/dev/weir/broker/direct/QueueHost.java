package dev.weir.broker.direct;

import dev.weir.base.Clock;
import dev.weir.broker.Engine;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// What the queues of a broker share: one lock guards all of their machines, so that a message goes
/// from one queue to another in one step.
final class QueueHost {
  /// Retention goes by whole segments: no hurry.
  private static final long RETENTION_MICROS = 10_000_000;

  final Engine engine;
  final Clock clock;

  /// Messages after which a queue writes how far it has looked.
  final int checkpoint;

  final ReentrantLock lock = new ReentrantLock();
  final RecentMessages recent = new RecentMessages(RecentMessages.MAX_BYTES);
  final QueueTrail trail = new QueueTrail();
  private final AtomicLong lastMicros = new AtomicLong();

  private long retainedMicros;

  QueueHost(Engine engine, Clock clock, int checkpoint) {
    this.engine = engine;
    this.clock = clock;
    this.checkpoint = checkpoint;
  }

  /// Under the lock: whether ten seconds are over since this was last so.
  boolean isRetentionDue() {
    long now = nowMicros();
    boolean isDue = now - retainedMicros >= RETENTION_MICROS;
    retainedMicros = isDue ? now : retainedMicros;
    return isDue;
  }

  /// Microseconds since 1970; never goes back.
  long nowMicros() {
    return lastMicros.accumulateAndGet(clock.epochMicros(), Math::max);
  }
}
