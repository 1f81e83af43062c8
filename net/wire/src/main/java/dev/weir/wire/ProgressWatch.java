package dev.weir.wire;

/// Finds a peer that lives but does not move, from absolute counters of both ends, looked at once
/// per keepalive interval. A connection can stop in one direction only, when a middlebox forgot
/// half of it or a peer's loop hangs; then something still comes, and silence alone tells nothing.
///
/// A fault must hold for a number of intervals on end; any movement starts it anew.
///
/// Owned by the connection's event loop; allocates nothing.
final class ProgressWatch {
  /// What is wrong.
  enum Verdict {
    MOVES,
    /// Nothing came at all.
    SILENT,
    /// Something comes, but nothing that was written here arrives there.
    DEAF,
    /// It has data and credit, and sends nothing of it.
    MUTE
  }

  private final int intervals;
  private boolean isHeard;
  private int silent;
  private int deaf;
  private int mute;
  private long peerReceived;
  private long peerReceivedBefore;
  private long writtenBefore;
  private long waiting;
  private long dataBefore;

  /// @param intervals how long a fault must hold
  ProgressWatch(int intervals) {
    this.intervals = intervals;
  }

  /// Bytes came.
  void onHeard() {
    isHeard = true;
  }

  /// The peer said that it has received so much, or proved it by an answer.
  void onReceivedThere(long bytes) {
    peerReceived = Math.max(peerReceived, bytes);
  }

  /// The peer said how much it could send.
  void onWaitingThere(long bytes) {
    waiting = bytes;
  }

  /// An interval is over.
  ///
  /// @param written everything written here so far
  /// @param data bytes of messages received so far
  /// @param hasCredit whether the peer may send more of them
  Verdict tick(long written, long data, boolean hasCredit) {
    silent = isHeard ? 0 : silent + 1;
    isHeard = false;
    boolean isBehind = peerReceived < writtenBefore;
    deaf = isBehind && peerReceived == peerReceivedBefore ? deaf + 1 : 0;
    mute = waiting > 0 && hasCredit && data == dataBefore ? mute + 1 : 0;
    peerReceivedBefore = peerReceived;
    writtenBefore = written;
    dataBefore = data;
    return verdict();
  }

  private Verdict verdict() {
    if (silent >= intervals) {
      return Verdict.SILENT;
    }
    if (deaf >= intervals) {
      return Verdict.DEAF;
    }
    return mute >= intervals ? Verdict.MUTE : Verdict.MOVES;
  }

  /// Something else is blamed for what the peer does not send: it gets all its intervals again,
  /// from the one on that ends now.
  void forgive() {
    mute = -1;
  }

  boolean isHeard() {
    return isHeard;
  }

  long peerReceived() {
    return peerReceived;
  }
}
