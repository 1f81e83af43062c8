package dev.weir.edge.spool;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;

/// What becomes of a backlog when there is a core again.
///
/// @param order what goes first
/// @param minAge how late the live lane must be before it is closed
/// @param minSize how much must still wait on it then; less is sent as it is
public record BackfillPolicy(Order order, Duration minAge, ByteSize minSize) {
  /// What goes first.
  public enum Order {
    /// What arises from now on, on a lane of its own, while the backlog drains behind it: who
    /// watches a system after an outage wants to see it as it is now. Between lanes there is no
    /// order.
    NEWEST_FIRST,
    /// The backlog: everything arrives in the order in which it arose, and as late as the last of
    /// it.
    IN_ORDER
  }

  /// 5 s: one heartbeat, shorter than any outage that is noticed as one. 1 MiB: two seconds at 4
  /// Mbit/s; less than that is not worth the order.
  public static final BackfillPolicy NEWEST_FIRST =
      new BackfillPolicy(Order.NEWEST_FIRST, Duration.ofSeconds(5), ByteSize.ofMebibytes(1));

  public static final BackfillPolicy IN_ORDER =
      new BackfillPolicy(Order.IN_ORDER, NEWEST_FIRST.minAge, NEWEST_FIRST.minSize);

  public BackfillPolicy {
    Checks.argument(minAge.isPositive(), "minAge is " + minAge + ", expected more than zero");
    Checks.range("minSize", minSize.bytes(), 1, Long.MAX_VALUE / 4);
  }

  /// Whether a lane that is read is so late that what comes now should not wait behind it.
  boolean isLate(long ageMicros, long bytesAhead) {
    return order == Order.NEWEST_FIRST
        && ageMicros >= minAge.toNanos() / 1_000
        && bytesAhead >= minSize.bytes();
  }
}
