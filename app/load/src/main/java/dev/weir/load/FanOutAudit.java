package dev.weir.load;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Each reader is to get every message, in order. What comes behind its place counts as doubled:
/// whoever jumped over it has counted it as lost.
final class FanOutAudit implements Audit {
  /// Longs in a cache line and its neighbour: readers do not share one.
  private static final int STRIDE = 16;

  private static final int NEXT = 0;
  private static final int LOST = 1;
  private static final int DOUBLED = 2;

  private final int readers;
  private final AtomicLongArray state;
  private final AtomicLong damaged = new AtomicLong();

  FanOutAudit(int readers) {
    this.readers = readers;
    this.state = new AtomicLongArray(readers * STRIDE);
  }

  @Override
  public void received(int reader, long sequence) {
    int at = reader * STRIDE;
    long next = state.getPlain(at + NEXT);
    if (sequence < next) {
      state.setPlain(at + DOUBLED, state.getPlain(at + DOUBLED) + 1);
      return;
    }
    if (sequence > next) {
      state.setPlain(at + LOST, state.getPlain(at + LOST) + sequence - next);
    }
    state.setRelease(at + NEXT, sequence + 1);
  }

  @Override
  public void damaged() {
    damaged.incrementAndGet();
  }

  @Override
  public long arrived() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < readers; i++) {
      least = Math.min(least, state.getAcquire(i * STRIDE + NEXT));
    }
    return least;
  }

  @Override
  public Verdict verdict(long sent) {
    long deliveries = 0;
    long lost = 0;
    long doubled = 0;
    for (int i = 0; i < readers; i++) {
      long next = state.getAcquire(i * STRIDE + NEXT);
      long jumped = state.get(i * STRIDE + LOST);
      deliveries += next - jumped;
      lost += jumped + sent - next;
      doubled += state.get(i * STRIDE + DOUBLED);
    }
    return new Verdict(deliveries, lost, doubled, 0, damaged.get());
  }
}
