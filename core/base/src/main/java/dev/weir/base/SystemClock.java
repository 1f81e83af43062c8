package dev.weir.base;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

final class SystemClock implements Clock {
  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long epochMicros() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond())
        + TimeUnit.NANOSECONDS.toMicros(now.getNano());
  }

  @Override
  public long maxSleepNanos() {
    return Long.MAX_VALUE;
  }
}
