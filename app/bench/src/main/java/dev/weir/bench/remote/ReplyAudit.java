package dev.weir.bench.remote;

import dev.weir.base.Bytes;
import dev.weir.remote.RemoteReply;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/// Counts each message's replies, and whether they came in order. Any thread.
final class ReplyAudit implements RemoteReply {
  private final AtomicIntegerArray replies;
  private final AtomicLong disordered = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final CountDownLatch all = new CountDownLatch(1);
  private volatile long lastNumber = -1;
  private volatile long endNanos;

  ReplyAudit(int messages) {
    replies = new AtomicIntegerArray(messages);
  }

  @Override
  public void onReply(Bytes body) {
    int number = (int) body.buffer().getLong();
    replies.incrementAndGet(number);
    if (number < lastNumber) {
      disordered.incrementAndGet();
    }
    lastNumber = number;
    end();
  }

  @Override
  public void onFailure(String why) {
    end();
  }

  private void end() {
    if (ended.incrementAndGet() == replies.length()) {
      endNanos = System.nanoTime();
      all.countDown();
    }
  }

  /// How many have an end so far.
  long ended() {
    return ended.get();
  }

  /// Whether all have one before the time is over.
  boolean await(long seconds) throws InterruptedException {
    return all.await(seconds, TimeUnit.SECONDS);
  }

  RemoteFigures figures(long startNanos, long connections) {
    long lost = 0;
    long doubled = 0;
    for (int i = 0; i < replies.length(); i++) {
      int count = replies.get(i);
      lost += count == 0 ? 1 : 0;
      doubled += Math.max(0, count - 1);
    }
    return new RemoteFigures(
        replies.length(), endNanos - startNanos, lost, doubled, disordered.get(), connections);
  }
}
