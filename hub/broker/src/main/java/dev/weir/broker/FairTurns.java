package dev.weir.broker;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Lets so many subscriptions deliver at a time, groups in turn.
///
/// Problem: a commit that ten thousand subscriptions want wakes them all. Each needs some
/// microseconds of a carrier thread and then of an event loop, both serve whoever came first, and a
/// subscription of another topic comes behind all of them: hundreds of milliseconds. Idea: nobody
/// is woken before it is his turn, and few turns are taken at a time, so that what stands before
/// others on any thread is bounded by [#CAPACITY] however large the crowd is. A turn lasts until
/// what was delivered is written (see [Turn]); the next goes to another group ([TurnQueue]).
///
/// A group is the topic that was committed, or the filter of who goes on by itself: a crowd on one
/// topic is one group.
///
/// Turns are counted in units, one each and one more for every [#UNIT_BYTES] that it delivers:
/// large batches take the place of several.
///
/// Threads: any. Nothing is locked: whoever comes while another shares out leaves it his wish.
final class FairTurns {
  /// Who wants a turn.
  interface Taker {
    /// It is his; must not block. Any thread.
    void granted();
  }

  private record Ask(String group, Taker taker) {}

  /// Units, 64 for each thread that works: the doors have as many event loops. A small delivery
  /// takes some 10 µs of one, so that what stands before others there lasts a millisecond; fewer
  /// would make each flush carry less.
  static final int CAPACITY = 64 * Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);

  /// 64 of them are 2 MiB: what an event loop passes to the kernel in a few milliseconds.
  private static final int UNIT_BYTES = 32 << 10;

  private final TurnRunners runners = new TurnRunners();
  private final ConcurrentLinkedQueue<Ask> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger returned;

  /// Calls of [#share] that nobody has answered yet.
  private final AtomicInteger calls = new AtomicInteger();

  // Owned by whoever shares out.
  private final TurnQueue<Taker> waiting = new TurnQueue<>();
  private int free;

  FairTurns() {
    this(CAPACITY);
  }

  /// @param capacity units, at least 1
  FairTurns(int capacity) {
    this.returned = new AtomicInteger(capacity);
  }

  /// Wants a turn; each wish is granted once, perhaps before this returns.
  void ask(String group, Taker taker) {
    asked.add(new Ask(group, taker));
    share();
  }

  /// What is delivered in a turn is so large.
  ///
  /// @return the units of the turn, to be given back
  int charge(int bytes) {
    int more = bytes / UNIT_BYTES;
    if (more > 0) {
      returned.addAndGet(-more); // It may be more than is free: then others wait for it.
    }
    return 1 + more;
  }

  /// A turn is over.
  void give(int units) {
    returned.addAndGet(units);
    share();
  }

  /// Does something for one whose turn has come, on a thread that serves many.
  ///
  /// @param task neither blocks nor throws
  void run(Runnable task) {
    runners.run(task);
  }

  private void share() {
    if (calls.getAndIncrement() != 0) {
      return; // Whoever shares out now looks again.
    }
    int answered = 1;
    do {
      takeIn();
      grant();
      answered = calls.addAndGet(-answered);
    } while (answered != 0);
  }

  private void takeIn() {
    free += returned.getAndSet(0);
    for (@Nullable Ask each = asked.poll(); each != null; each = asked.poll()) {
      waiting.add(each.group(), each.taker());
    }
  }

  private void grant() {
    while (free > 0) {
      Taker next = waiting.next();
      if (next == null) {
        return;
      }
      free--;
      next.granted();
    }
  }
}
