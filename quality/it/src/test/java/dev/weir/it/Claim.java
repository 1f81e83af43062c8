package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// Something the hub promises, held against a core that is killed again and again: what it sends
/// and takes, what it was promised, and what it found broken.
///
/// The campaign's thread drives it; loads run on their own threads and tell faults from there.
abstract class Claim implements AutoCloseable {
  private static final int MAX_FAULTS = 20;

  /// Reconnecting waits up to half a minute, and what waited drains after it on a busy machine.
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String name;
  private final List<Load> senders = new ArrayList<>();
  private final List<Load> takers = new ArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final AtomicLong faultCount = new AtomicLong();
  private final AtomicLong moves = new AtomicLong();

  Claim(String name) {
    this.name = name;
  }

  final String name() {
    return name;
  }

  /// A load that sends; it stops before the others.
  final void addSender(Load load) {
    senders.add(load);
  }

  /// A load that takes what was sent.
  final void addTaker(Load load) {
    takers.add(load);
  }

  /// Begins; the core is up.
  void start() {
    takers.forEach(Load::start);
    senders.forEach(Load::start);
  }

  /// Counts something that was promised or came.
  final void move() {
    moves.incrementAndGet();
  }

  final long moves() {
    return moves.get();
  }

  final void fault(String what) {
    if (faultCount.incrementAndGet() <= MAX_FAULTS) {
      faults.add(name + ": " + what);
    }
  }

  final List<String> faults() {
    return faults;
  }

  final boolean isBroken() {
    return faultCount.get() > 0;
  }

  /// Looks at what must hold at any moment; the core is up and stays so.
  void inspect() throws Exception {}

  /// Nothing more is sent; what was sent has its promise. The core is up and stays so.
  final void stopSending() {
    senders.forEach(Load::stop);
  }

  /// Waits until everything promised has come where it belongs.
  void drain() {}

  /// Looks for what was lost, doubled or moved, after one kill more.
  ///
  /// @param stored everything of all claims, in the order of the log
  void audit(List<StoredMessage> stored) throws Exception {}

  final void await(String what, java.util.concurrent.Callable<Boolean> condition) {
    try {
      eventually(name + ": " + what, PATIENCE, condition);
    } catch (AssertionError e) {
      fault(String.valueOf(e.getMessage()));
    }
  }

  final void stopTaking() {
    takers.forEach(Load::stop);
  }

  /// One line for people.
  abstract String told();

  @Override
  public void close() {
    senders.forEach(Load::close);
    takers.forEach(Load::close);
  }
}
