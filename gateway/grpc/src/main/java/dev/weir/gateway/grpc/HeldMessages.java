package dev.weir.gateway.grpc;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Settling;
import dev.weir.proto.v1.Settlement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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

  /// What is asked for, as the queue takes it; what is settled is not here any more then.
  ///
  /// @throws WeirException MALFORMED, LEASE_OVER
  /// @throws IllegalArgumentException for a time out of range
  Settling settling(Settlement asked, long nowMicros) {
    return switch (asked.getOutcomeCase()) {
      case ACK -> ack(asked.getLease());
      case NACK -> nack(asked);
      case REJECT -> new Settling.Reject(remove(asked.getLease()));
      case EXTEND -> extend(asked, nowMicros);
      case OUTCOME_NOT_SET ->
          throw new WeirException(ErrorCode.MALFORMED, "A settlement of a kind not known.");
    };
  }

  /// @throws WeirException LEASE_OVER
  Settling ack(long lease) {
    return new Settling.Ack(remove(lease));
  }

  private Settling nack(Settlement asked) {
    Settlement.Nack nack = asked.getNack();
    if (!nack.hasDelayMillis()) {
      return new Settling.Nack(remove(asked.getLease()), Optional.empty());
    }
    Checks.range("delay milliseconds", nack.getDelayMillis(), 0, QueueWords.MAX_DELAY_MILLIS);
    Duration delay = Duration.ofMillis(nack.getDelayMillis());
    return new Settling.Nack(remove(asked.getLease()), Optional.of(delay));
  }

  private Settling extend(Settlement asked, long nowMicros) {
    long millis = asked.getExtend().getLeaseMillis();
    Checks.range("lease milliseconds", millis, 1, QueueWords.MAX_LEASE_MILLIS);
    Held held = byLease.get(asked.getLease());
    if (held == null) {
      throw notHeld(asked.getLease());
    }
    held.untilMicros =
        Math.max(held.untilMicros, nowMicros + TimeUnit.MILLISECONDS.toMicros(millis));
    return new Settling.Extend(held.message, Duration.ofMillis(millis));
  }

  private QueuedMessage remove(long lease) {
    Held held = byLease.remove(lease);
    if (held == null) {
      throw notHeld(lease);
    }
    return held.message;
  }

  private static WeirException notHeld(long lease) {
    return new WeirException(
        ErrorCode.LEASE_OVER,
        "This call holds no message under lease " + Long.toUnsignedString(lease) + ".");
  }

  /// Whether it may hold nothing any more; an answer of a lease that is over is late, not owed.
  boolean isEmpty(long nowMicros) {
    return byLease.values().stream().allMatch(held -> held.untilMicros < nowMicros);
  }
}
