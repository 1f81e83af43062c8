package dev.weir.dev;

import dev.weir.base.Clock;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// Numbered lines at a steady rate, as an input stream: what a sensor or a program would write.
/// Each line begins with `n=<number> `, from 0, so that a reader can tell what is missing or
/// doubled.
///
/// Read by one thread; [#sentCount] and [#stop] may be called by any.
final class SyntheticSource extends InputStream {
  /// A source that was held back catches up in steps of this many lines.
  private static final int MAX_LINES_PER_READ = 64;

  private final Kind kind;
  private final Clock clock;
  private final RandomGenerator random;
  private final long intervalNanos;
  private final long startNanos;
  private volatile int sentCount;
  private volatile boolean isStopped;
  private byte[] pending = new byte[0];
  private int index;
  private double level = 0.5;

  /// @param linesPerSecond 1 to 1,000,000
  SyntheticSource(Kind kind, int linesPerSecond, Clock clock, RandomGenerator random) {
    this.kind = kind;
    this.clock = clock;
    this.random = random;
    this.intervalNanos = 1_000_000_000L / linesPerSecond;
    this.startNanos = clock.nanoTime();
  }

  /// What the lines look like.
  enum Kind {
    METRICS,
    LOGS
  }

  /// Lines handed out so far.
  int sentCount() {
    return sentCount;
  }

  /// Ends the stream after the lines handed out so far.
  void stop() {
    isStopped = true;
  }

  boolean isStopped() {
    return isStopped;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (index == pending.length && !nextLines()) {
      return -1;
    }
    int count = Math.min(length, pending.length - index);
    System.arraycopy(pending, index, target, offset, count);
    index += count;
    return count;
  }

  private boolean nextLines() {
    long dueNanos = startNanos + sentCount * intervalNanos;
    while (clock.nanoTime() - dueNanos < 0 && !isStopped) {
      // A tenth of a second: a stop is seen soon, a slow source costs nothing.
      LockSupport.parkNanos(Math.min(100_000_000L, dueNanos - clock.nanoTime()));
    }
    if (isStopped || Thread.currentThread().isInterrupted()) {
      return false;
    }
    long due = Math.max(1, (clock.nanoTime() - dueNanos) / intervalNanos);
    StringBuilder lines = new StringBuilder();
    int count = (int) Math.min(MAX_LINES_PER_READ, due);
    int first = sentCount;
    for (int i = 0; i < count; i++) {
      line(lines, first + i);
    }
    pending = lines.toString().getBytes(StandardCharsets.UTF_8);
    index = 0;
    sentCount = first + count; // Only the reading thread writes it.
    return true;
  }

  private void line(StringBuilder lines, int number) {
    lines.append("n=").append(number).append(' ');
    switch (kind) {
      case METRICS -> {
        level = Math.clamp(level + (random.nextDouble() - 0.5) / 10, 0, 1);
        lines.append(
            String.format(
                Locale.ROOT,
                "{\"metric\":\"cpu.load\",\"core\":%d,\"value\":%.3f}",
                number % 4,
                level));
      }
      case LOGS ->
          lines
              .append(random.nextInt(20) == 0 ? "WARN " : "INFO ")
              .append("request id=")
              .append(Long.toHexString(random.nextLong()))
              .append(" took ")
              .append(random.nextInt(900))
              .append(" ms");
    }
    lines.append('\n');
  }
}
