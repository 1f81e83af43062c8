package dev.weir.gateway.grpc;

import dev.weir.broker.QueuedMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a consumer was handed and has not settled, by lease, without the contents. A client can
/// settle what is here and nothing else.
///
/// A client that never settles anything must not fill the memory: beyond its room, those whose
/// lease is over are forgotten.
///
/// Guarded by its owner's lock.
final class HeldMessages {
  /// One of them.
  private static final class Held {
    private final QueuedMessage message;
    private long untilMicros;

    Held(QueuedMessage message) {
      this.message = message;
      this.untilMicros = message.untilMicros();
    }
  }

  private static final int LEAST_ROOM = 64;

  private final Map<Long, Held> byLease = new HashMap<>();
  private int room = LEAST_ROOM;

  void add(QueuedMessage message, long nowMicros) {
    if (byLease.size() >= room) {
      byLease.values().removeIf(held -> held.untilMicros < nowMicros);
      room = Math.max(LEAST_ROOM, 2 * byLease.size());
    }
    byLease.put(message.lease(), new Held(message.withoutContent()));
  }

  /// What is to be settled, which is not here any more then.
  @Nullable QueuedMessage remove(long lease) {
    Held held = byLease.remove(lease);
    return held == null ? null : held.message;
  }

  /// What is to be held for longer.
  @Nullable QueuedMessage renew(long lease, long leaseMillis, long nowMicros) {
    Held held = byLease.get(lease);
    if (held == null) {
      return null;
    }
    held.untilMicros =
        Math.max(held.untilMicros, nowMicros + TimeUnit.MILLISECONDS.toMicros(leaseMillis));
    return held.message;
  }

  /// Whether it may hold nothing any more; an answer of a lease that is over is late, not owed.
  boolean isEmpty(long nowMicros) {
    return byLease.values().stream().allMatch(held -> held.untilMicros < nowMicros);
  }
}
