package dev.weir.it;

import java.util.BitSet;
import java.util.Optional;

/// What a queue promised of single tasks, numbered 1, 2, 3 …: each comes until it is acked or
/// rejected, never before its time, and never once that was confirmed; what was rejected stands
/// among the dead, once. Any thread.
final class TaskLedger {
  private final BitSet promised = new BitSet();
  private final BitSet acking = new BitSet();
  private final BitSet acked = new BitSet();
  private final BitSet rejecting = new BitSet();
  private final BitSet rejected = new BitSet();
  private int issued;

  synchronized int issue() {
    return ++issued;
  }

  synchronized void promised(int number) {
    promised.set(number);
  }

  /// A task was handed out.
  ///
  /// @return what is wrong with that
  synchronized Optional<String> delivered(int number) {
    if (acked.get(number) || rejected.get(number)) {
      return Optional.of(
          "task %d came although its %s was confirmed"
              .formatted(number, acked.get(number) ? "ack" : "rejection"));
    }
    return number < 1 || number > issued
        ? Optional.of("task " + number + " was never published")
        : Optional.empty();
  }

  synchronized void settling(int number, boolean isAck) {
    (isAck ? acking : rejecting).set(number);
  }

  synchronized void settled(int number, boolean isAck) {
    (isAck ? acked : rejected).set(number);
  }

  synchronized long unpromised() {
    return (long) issued - promised.cardinality();
  }

  synchronized long issued() {
    return issued;
  }

  synchronized long rejections() {
    return rejected.cardinality();
  }

  /// What was promised and never came to anybody who dealt with it.
  synchronized BitSet lost() {
    BitSet left = (BitSet) promised.clone();
    left.andNot(acking);
    left.andNot(rejecting);
    return left;
  }

  /// What is wrong with the tasks that stand among the dead.
  synchronized Optional<String> dead(BitSet dead) {
    BitSet missing = (BitSet) rejected.clone();
    missing.andNot(dead);
    if (!missing.isEmpty()) {
      return Optional.of("rejected, and not among the dead: " + missing);
    }
    BitSet wrong = (BitSet) dead.clone();
    wrong.andNot(rejecting);
    if (!wrong.isEmpty()) {
      return Optional.of("among the dead, and never rejected: " + wrong);
    }
    BitSet both = (BitSet) dead.clone();
    both.and(acked);
    return both.isEmpty()
        ? Optional.empty()
        : Optional.of("among the dead although its ack was confirmed: " + both);
  }
}
