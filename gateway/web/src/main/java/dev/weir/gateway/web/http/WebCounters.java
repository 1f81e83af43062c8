package dev.weir.gateway.web.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counts what happens at the web's doors, and bounds what they hold together. Any thread.
public final class WebCounters {
  private final WebLimits limits;
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder refusedOrigins = new LongAdder();
  private final LongAdder slow = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder faultyFrames = new LongAdder();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger sockets = new AtomicInteger();
  private final AtomicLong heldBytes = new AtomicLong();

  public WebCounters(WebLimits limits) {
    this.limits = limits;
  }

  public void answered(int status) {
    LongAdder counter = status < 400 ? succeeded : status < 500 ? refused : failed;
    counter.increment();
  }

  public void refusedOrigin() {
    refusedOrigins.increment();
  }

  public void slow() {
    slow.increment();
  }

  public void published(int messages) {
    published.add(messages);
  }

  public void delivered(int messages) {
    delivered.add(messages);
  }

  public void faultyFrame() {
    faultyFrames.increment();
  }

  /// Takes memory for a request's body.
  ///
  /// @return false when all bodies together hold as much as they may
  public boolean tryHold(long bytes) {
    long now = heldBytes.addAndGet(bytes);
    if (now > limits.held().bytes()) {
      heldBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  public void release(long bytes) {
    heldBytes.addAndGet(-bytes);
  }

  /// Takes a place for a stream.
  ///
  /// @return false when there are as many as may be
  public boolean tryOpenStream(boolean isSocket) {
    if (streams.incrementAndGet() > limits.streams()) {
      streams.decrementAndGet();
      return false;
    }
    if (isSocket) {
      sockets.incrementAndGet();
    }
    return true;
  }

  public void closeStream(boolean isSocket) {
    streams.decrementAndGet();
    if (isSocket) {
      sockets.decrementAndGet();
    }
  }

  /// @param leases messages that pulls hold now
  public WebStats stats(int leases) {
    int openSockets = sockets.get();
    return new WebStats(
        succeeded.sum(),
        refused.sum(),
        failed.sum(),
        refusedOrigins.sum(),
        slow.sum(),
        published.sum(),
        delivered.sum(),
        Math.max(0, streams.get() - openSockets),
        openSockets,
        faultyFrames.sum(),
        heldBytes.get(),
        leases);
  }
}
