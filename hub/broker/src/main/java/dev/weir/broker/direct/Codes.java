package dev.weir.broker.direct;

import dev.weir.broker.queue.Ordering;
import dev.weir.broker.queue.Overflow;
import dev.weir.broker.queue.RemovalReason;

/// How choices are written.
final class Codes {
  private Codes() {}

  static int ordering(Ordering ordering) {
    return switch (ordering) {
      case PRIORITY -> 0;
      case KEY -> 1;
    };
  }

  static Ordering ordering(int code) {
    return code == 1 ? Ordering.KEY : Ordering.PRIORITY;
  }

  static int reason(RemovalReason reason) {
    return switch (reason) {
      case ACKED -> 1;
      case EXPIRED -> 2;
      case DROPPED -> 3;
      case REJECTED -> 4;
      case EXHAUSTED -> 5;
      case LOST -> 6;
    };
  }

  static RemovalReason reason(int code) {
    for (RemovalReason reason : RemovalReason.values()) {
      if (reason(reason) == code) {
        return reason;
      }
    }
    throw new IllegalArgumentException("reason " + code + ", expected 1 to 6");
  }

  static int overflow(Overflow overflow) {
    return switch (overflow) {
      case REJECT -> 0;
      case DROP_OLDEST -> 1;
    };
  }

  static Overflow overflow(int code) {
    return code == 1 ? Overflow.DROP_OLDEST : Overflow.REJECT;
  }
}
