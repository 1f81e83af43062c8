package dev.weir.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The messages that were numbered and not answered, by number in a ring. The messenger alone adds;
/// any thread takes, and each message can be taken once.
final class Unanswered {
  private final AtomicReferenceArray<@Nullable PendingMessage> ring;
  private final int mask;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private volatile long next;

  /// The messenger's only.
  private long lowest;

  Unanswered(int buffer) {
    int slots = Math.max(2, Integer.highestOneBit(2 * buffer - 1));
    ring = new AtomicReferenceArray<>(slots);
    mask = slots - 1;
  }

  /// Whether the next number's slot is free: an old message may hold up those a ring behind it.
  boolean hasRoom() {
    return next - lowest() <= mask;
  }

  void add(PendingMessage message) {
    long number = next;
    message.number(number);
    ring.set((int) number & mask, message);
    next = number + 1;
  }

  /// Takes a message out; null when it was taken before.
  @Nullable PendingMessage take(long number) {
    int slot = (int) number & mask;
    PendingMessage message = ring.get(slot);
    if (message == null || message.number() != number || !ring.compareAndSet(slot, message, null)) {
      repeated.incrementAndGet();
      return null;
    }
    answered.incrementAndGet();
    return message;
  }

  /// The lowest number that is not answered; [#next] when all are. The messenger's only.
  long lowest() {
    while (lowest < next && ring.get((int) lowest & mask) == null) {
      lowest++;
    }
    return lowest;
  }

  boolean isEmpty() {
    return lowest() == next;
  }

  /// All of them, in their order. The messenger's only.
  List<PendingMessage> all() {
    List<PendingMessage> all = new ArrayList<>();
    for (long number = lowest(); number < next; number++) {
      PendingMessage message = ring.get((int) number & mask);
      if (message != null) {
        all.add(message);
      }
    }
    return all;
  }

  long next() {
    return next;
  }

  long answered() {
    return answered.get();
  }

  long repeated() {
    return repeated.get();
  }
}
