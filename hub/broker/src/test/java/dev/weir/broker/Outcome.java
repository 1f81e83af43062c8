package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Receipt;
import dev.weir.testkit.Eventually;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What became of a publish.
final class Outcome implements PublishListener {
  private final AtomicInteger calls = new AtomicInteger();
  private volatile @Nullable Receipt receipt;
  private volatile @Nullable WeirException cause;

  @Override
  public void stored(Receipt stored, long commitMicros, long queueMicros) {
    receipt = stored;
    calls.incrementAndGet();
  }

  @Override
  public void failed(WeirException failure) {
    cause = failure;
    calls.incrementAndGet();
  }

  boolean isDone() {
    return calls.get() > 0;
  }

  int calls() {
    return calls.get();
  }

  boolean isStored() {
    return receipt != null;
  }

  /// Waits until it is known.
  Receipt receipt() {
    Eventually.eventually("an outcome", this::isDone);
    Receipt known = receipt;
    if (known == null) {
      throw new AssertionError("the publish failed", cause);
    }
    return known;
  }

  /// Waits until it is known.
  WeirException failure() {
    Eventually.eventually("an outcome", this::isDone);
    WeirException known = cause;
    if (known == null) {
      throw new AssertionError("the publish did not fail: " + receipt);
    }
    return known;
  }
}
