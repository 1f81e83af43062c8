package dev.weir.gateway.web.rest;

import dev.weir.base.WeirException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request for messages while it waits. Guarded by its desk, but for the latch.
final class Pull {
  /// A queue hands out what is loaded much faster; what takes longer waits for the next request.
  private static final long LINGER_MILLIS = 10;

  private final int max;
  private final List<PulledMessage> messages = new ArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch full;
  private @Nullable WeirException failure;
  private volatile boolean isAbandoned;

  Pull(int max) {
    this.max = max;
    this.full = new CountDownLatch(max);
  }

  int wanted() {
    return max - messages.size();
  }

  List<PulledMessage> messages() {
    return messages;
  }

  @Nullable WeirException failure() {
    return failure;
  }

  void add(PulledMessage message) {
    messages.add(message);
    first.countDown();
    full.countDown();
  }

  void fail(WeirException cause) {
    failure = cause;
    first.countDown();
  }

  /// Nobody waits for it any more.
  void abandon() {
    isAbandoned = true;
    first.countDown();
    while (full.getCount() > 0) {
      full.countDown();
    }
  }

  boolean isAbandoned() {
    return isAbandoned;
  }

  /// Waits for the first message, and then for more as long as they come. Without the desk's lock.
  void await(Duration wait) throws InterruptedException {
    if (!first.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    long missing = max;
    while (full.getCount() < missing) {
      missing = full.getCount();
      if (full.await(LINGER_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }
}
