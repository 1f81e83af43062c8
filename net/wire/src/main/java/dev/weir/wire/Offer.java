package dev.weir.wire;

/// What became of something that was given to be sent.
public enum Offer {
  /// Taken, and there is room for more.
  TAKEN,
  /// Taken, but it waits: the peer or the network does not keep up. Wait for
  /// [StreamHandler#onReady] before sending more.
  QUEUED,
  /// Not taken, the queue is full: the body is still the caller's. Offer it again after
  /// [StreamHandler#onReady].
  REFUSED,
  /// Not taken, nothing can be sent on this stream any more: the body was released.
  CLOSED;

  public boolean isTaken() {
    return this == TAKEN || this == QUEUED;
  }
}
