package dev.weir.auth;

import dev.weir.base.Checks;

/// What a user may have and publish at most. [#NO_LIMIT] stands for any number.
///
/// @param connections at a time
/// @param subscriptions at a time, of all connections together; consumers of queues count as well
/// @param connectionSubscriptions at a time, of one connection
/// @param publishMessages a second, of all connections together
/// @param publishBytes a second, of all connections together
/// @param connectionBytes published a second, of one connection
public record Quota(
    long connections,
    long subscriptions,
    long connectionSubscriptions,
    long publishMessages,
    long publishBytes,
    long connectionBytes) {
  public static final long NO_LIMIT = Long.MAX_VALUE;

  public static final Quota NONE =
      new Quota(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT);

  public Quota {
    Checks.range("connections", connections, 1, NO_LIMIT);
    Checks.range("subscriptions", subscriptions, 0, NO_LIMIT);
    Checks.range("subscriptions of a connection", connectionSubscriptions, 0, NO_LIMIT);
    Checks.range("published messages a second", publishMessages, 1, NO_LIMIT);
    Checks.range("published bytes a second", publishBytes, 1, NO_LIMIT);
    Checks.range("bytes a second of a connection", connectionBytes, 1, NO_LIMIT);
  }
}
