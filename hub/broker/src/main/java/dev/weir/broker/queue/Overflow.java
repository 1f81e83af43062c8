package dev.weir.broker.queue;

/// What a queue at its maximum length does with one message more.
public enum Overflow {
  /// The publish is refused; what is stored already is kept even above the length.
  REJECT,
  /// The oldest message that nobody holds goes, to the dead-letter queue where there is one.
  DROP_OLDEST
}
