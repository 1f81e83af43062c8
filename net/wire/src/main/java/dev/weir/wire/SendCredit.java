package dev.weir.wire;

import dev.weir.base.Checks;

/// What one end may still send on a stream or a connection: `sent <= limit`, both absolute counts
/// of bytes since it began, so that a lost, repeated or late limit does no harm.
///
/// Owned by the connection's event loop; allocates nothing.
final class SendCredit {
  private long sent;
  private long limit;

  SendCredit(long limit) {
    this.limit = limit;
  }

  /// Bytes that may go now.
  long room() {
    return limit - sent;
  }

  void onSent(int bytes) {
    sent += bytes;
    Checks.state(sent <= limit, "more was sent than the peer allowed");
  }

  /// Takes a new limit; one that is not ahead changes nothing.
  ///
  /// @return whether there is more room now
  boolean raise(long newLimit) {
    if (newLimit <= limit) {
      return false;
    }
    limit = newLimit;
    return true;
  }

  long limit() {
    return limit;
  }

  /// Everything sent so far.
  long sent() {
    return sent;
  }
}
