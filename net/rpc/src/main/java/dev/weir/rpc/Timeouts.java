package dev.weir.rpc;

import io.grpc.Deadline;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// How long a call may take, on the wire and in gRPC's `grpc-timeout`.
final class Timeouts {
  /// What the wire's field holds, some 71 minutes; a longer one is said in the metadata.
  static final long MAX_WIRE_MICROS = 0xffff_ffffL;

  /// gRPC allows 8 digits.
  private static final long MAX_DIGITS = 99_999_999L;

  private Timeouts() {}

  /// What is left as the wire says it; -1 for none, or for more than it can say.
  static long wireMicros(@org.jspecify.annotations.Nullable Deadline deadline) {
    if (deadline == null) {
      return -1;
    }
    long micros = Math.max(0, deadline.timeRemaining(TimeUnit.MICROSECONDS));
    return micros > MAX_WIRE_MICROS ? -1 : micros;
  }

  /// As gRPC writes it: at most 8 digits and a unit.
  static String header(long micros) {
    if (micros <= MAX_DIGITS) {
      return micros + "u";
    }
    long millis = micros / 1_000;
    return millis <= MAX_DIGITS ? millis + "m" : Math.min(MAX_DIGITS, millis / 1_000) + "S";
  }

  /// What a header says; -1 when it cannot be read.
  static long nanos(String header) {
    if (header.length() < 2 || header.length() > 9) {
      return -1;
    }
    long value;
    try {
      value = Long.parseLong(header.substring(0, header.length() - 1));
    } catch (NumberFormatException e) {
      return -1;
    }
    if (value < 0) {
      return -1;
    }
    return switch (header.charAt(header.length() - 1)) {
      case 'n' -> value;
      case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
      case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
      case 'S' -> TimeUnit.SECONDS.toNanos(value);
      case 'M' -> TimeUnit.MINUTES.toNanos(value);
      case 'H' -> TimeUnit.HOURS.toNanos(value);
      default -> -1;
    };
  }

  /// How an expired call explains itself, in the words of gRPC's own clients.
  ///
  /// @param whose who set the deadline
  static String expired(String whose, long timeoutNanos, String where) {
    return String.format(
        Locale.ROOT, "%s deadline exceeded after %.9fs. [%s]", whose, timeoutNanos / 1e9, where);
  }
}
