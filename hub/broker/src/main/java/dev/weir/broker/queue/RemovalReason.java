package dev.weir.broker.queue;

/// Why a message left a queue.
public enum RemovalReason {
  /// A consumer is done with it.
  ACKED(false),
  /// Its time to live ended before anybody was done with it.
  EXPIRED(true),
  /// The queue was at its maximum length.
  DROPPED(true),
  /// A consumer said that it can never be handled.
  REJECTED(true),
  /// It was delivered as often as the queue allows.
  EXHAUSTED(true),
  /// Retention or damage took it from the log.
  LOST(false);

  private final boolean isDead;

  RemovalReason(boolean isDead) {
    this.isDead = isDead;
  }

  /// Whether it goes to the dead-letter queue, where the queue has one.
  public boolean isDead() {
    return isDead;
  }
}
