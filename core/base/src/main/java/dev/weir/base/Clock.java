package dev.weir.base;

/// The only source of time. Production code receives one; tests step theirs by hand.
public interface Clock {
  /// The machine's own clock.
  Clock SYSTEM = new SystemClock();

  /// A monotonic reading in nanoseconds; only differences mean anything.
  long nanoTime();

  /// Wall-clock time in microseconds since 1970-01-01T00:00:00Z; may jump in either direction.
  long epochMicros();

  /// How long, in nanoseconds, a thread that looks at this clock may sleep without looking. A
  /// machine's clock goes on while threads sleep, so each may sleep until what it waits for is due;
  /// a clock that is stepped by hand wakes nobody.
  long maxSleepNanos();
}
