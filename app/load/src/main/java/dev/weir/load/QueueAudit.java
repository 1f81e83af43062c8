package dev.weir.load;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Each message is to come to one of the readers, once. Order is looked at where one reader reads.
final class QueueAudit implements Audit {
  /// Sixty-four million messages, 8 MiB: more than any run sends.
  private static final int WORDS = 1 << 20;

  private final int readers;
  private final AtomicLongArray seen = new AtomicLongArray(WORDS);
  private final AtomicLong deliveries = new AtomicLong();
  private final AtomicLong doubled = new AtomicLong();
  private final AtomicLong damaged = new AtomicLong();

  /// Owned by the only reader.
  private long next;

  private long disordered;

  QueueAudit(int readers) {
    this.readers = readers;
  }

  @Override
  public void received(int reader, long sequence) {
    int word = (int) (sequence >>> 6);
    if (sequence < 0 || word >= WORDS) {
      damaged();
      return;
    }
    long bit = 1L << sequence;
    if ((seen.getAndAccumulate(word, bit, (known, more) -> known | more) & bit) != 0) {
      doubled.incrementAndGet();
      return;
    }
    if (readers == 1) {
      disordered += sequence < next ? 1 : 0;
      next = Math.max(next, sequence + 1);
    }
    deliveries.incrementAndGet();
  }

  @Override
  public void damaged() {
    damaged.incrementAndGet();
  }

  @Override
  public long arrived() {
    return deliveries.get();
  }

  @Override
  public Verdict verdict(long sent) {
    long came = deliveries.get();
    return new Verdict(came, sent - came, doubled.get(), disordered, damaged.get());
  }
}
