package dev.weir.wire;

/// Both directions of a connection's credit. What the peer may send is given back on receipt, since
/// the streams' windows bound what is held; it stands in the header of every frame that goes out
/// and so costs nothing while both ends talk. While the process holds too much it stands still.
///
/// Owned by the connection's event loop; allocates nothing.
final class ConnectionCredit {
  private static final int WORTHWHILE_DIVISOR = 4;

  private final SendCredit send = new SendCredit(WireLimits.FIRST_CREDIT_BYTES);
  private long window;
  private long received;
  private long limit;
  private boolean isFrozen;

  ConnectionCredit(long window) {
    this.window = window & -(1 << CreditCode.CLIMIT_UNIT_SHIFT);
    this.limit = this.window;
  }

  /// Takes another window; what was granted stays.
  void resize(long bytes) {
    window = bytes & -(1 << CreditCode.CLIMIT_UNIT_SHIFT);
  }

  SendCredit send() {
    return send;
  }

  /// Counts a frame that arrived.
  ///
  /// @return whether the peer was allowed to send it
  boolean onReceived(int bytes) {
    received += bytes;
    return received <= limit;
  }

  private long target() {
    return isFrozen ? limit : (received + window) & -(1 << CreditCode.CLIMIT_UNIT_SHIFT);
  }

  /// The peer's limit for the header of a frame that goes out now.
  int climit() {
    limit = Math.max(limit, target());
    return CreditCode.climit(limit);
  }

  /// Whether the peer should hear of its limit even if no other frame goes out.
  boolean isGrantDue() {
    return target() - limit >= window / WORTHWHILE_DIVISOR;
  }

  void freeze(boolean on) {
    isFrozen = on;
  }

  boolean isFrozen() {
    return isFrozen;
  }

  /// What the peer may still send.
  long receiveRoom() {
    return limit - received;
  }

  long limit() {
    return limit;
  }

  /// Everything that arrived and counts.
  long received() {
    return received;
  }
}
