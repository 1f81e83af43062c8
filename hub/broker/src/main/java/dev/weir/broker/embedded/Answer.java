package dev.weir.broker.embedded;

import dev.weir.base.WeirException;
import dev.weir.broker.PublishListener;
import dev.weir.message.Receipt;

/// What an offer comes to; told after the lock is released.
sealed interface Answer {
  /// Known already.
  record Stored(Receipt receipt) implements Answer {}

  /// Refused.
  record Failed(WeirException cause) implements Answer {}

  /// On its way to the disk, or waiting for a copy that is.
  record Later() implements Answer {}

  /// To be offered one by one.
  record Parted() implements Answer {}

  /// Nothing happened.
  record NoRoom() implements Answer {}

  /// Tells the publisher what is known now.
  ///
  /// @return false when nothing happened
  default boolean tell(PublishListener publisher) {
    return switch (this) {
      case Stored(Receipt receipt) -> {
        publisher.stored(receipt, 0, 0);
        yield true;
      }
      case Failed(WeirException cause) -> {
        publisher.failed(cause);
        yield true;
      }
      case Parted() -> {
        publisher.parted();
        yield true;
      }
      case Later() -> true;
      case NoRoom() -> false;
    };
  }
}
