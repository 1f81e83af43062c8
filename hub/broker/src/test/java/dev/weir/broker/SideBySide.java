package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.WeirException;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.testkit.Eventually;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps what became of messages that were published side by side; each may be told once.
final class SideBySide implements ReceiptsListener {
  private final Map<Integer, Receipt> receipts = new ConcurrentHashMap<>();
  private final Map<Integer, WeirException> faults = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger twice = new AtomicInteger();

  @Override
  public void stored(int first, int count, Receipt receipt) {
    for (int i = 0; i < count; i++) {
      Position position = receipt.position();
      Position own = new Position(position.stream(), position.partition(), position.offset() + i);
      Receipt each = new Receipt(receipt.durability(), own, receipt.isDuplicate());
      note(first + i, receipts.put(first + i, each) != null || faults.containsKey(first + i));
    }
    calls.incrementAndGet();
  }

  @Override
  public void failed(int first, int count, WeirException cause) {
    for (int i = 0; i < count; i++) {
      note(first + i, faults.put(first + i, cause) != null || receipts.containsKey(first + i));
    }
    calls.incrementAndGet();
  }

  private void note(int index, boolean isTwice) {
    twice.addAndGet(isTwice ? 1 + index : 0);
  }

  /// Waits until all are told.
  SideBySide await(int count) {
    Eventually.eventually("all are told", () -> receipts.size() + faults.size() >= count);
    assertThat(twice).hasValue(0);
    assertThat(receipts.size() + faults.size()).isEqualTo(count);
    return this;
  }

  int calls() {
    return calls.get();
  }

  Receipt receipt(int index) {
    Receipt found = receipts.get(index);
    if (found == null) {
      throw new AssertionError(index + " has no receipt, but " + faults.get(index));
    }
    return found;
  }

  WeirException fault(int index) {
    WeirException found = faults.get(index);
    if (found == null) {
      throw new AssertionError(index + " did not fail");
    }
    return found;
  }

  long offset(int index) {
    return receipt(index).position().offset();
  }

  Map<Integer, Receipt> receipts() {
    return new TreeMap<>(receipts);
  }

  Map<Integer, WeirException> faults() {
    return new TreeMap<>(faults);
  }
}
