package dev.weir.broker;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One subscription's sleep and its turns: whoever wakes it only asks for its turn. Once it has
/// that its thread goes on; or, where it sleeps until something is committed, one of a few threads
/// that serve many delivers for it, and its own sleeps on. To wake a thread of ten thousand costs
/// more than what it then does: its stack is cold.
///
/// The sleeper says that it sleeps, then looks once more; a waker changes, then looks whether
/// somebody sleeps. The state is volatile, so one of the two sees the other.
///
/// ```
///          wake             granted
///  ASLEEP ──────▶ ASKED ──────────────▶ GRANTED ──▶ AWAKE ──▶ (await) ASLEEP
///    ▲              ▲  └──────────────▶ SERVED ─┐      └─────▶ (tryTake) ASKED
///    │              │   granted, sleeps at the  │
///    │              │   end of everything       │
///    └──────────────┴───────────────────────────┴────▶ GRANTED   what needs its own thread
/// ```
///
/// Threads: the subscription's own, or the one that serves it; [#wake] and [#granted] are
/// anybody's.
final class TurnTaker implements FairTurns.Taker {
  /// What can be done for a subscription whose thread sleeps.
  interface Served {
    /// Whether there is something to do.
    boolean hasNews();

    /// Does it, without waiting, in the turn that it has; throws nothing.
    ///
    /// @return false when the thread has to go on
    boolean serve();
  }

  private enum State {
    /// Its thread runs, with a turn or without.
    AWAKE,
    /// Its thread sleeps, and nobody has asked for its turn.
    ASLEEP,
    /// Somebody has.
    ASKED,
    /// Its turn has come, its thread goes on.
    GRANTED,
    /// Its turn has come, another thread delivers for it.
    SERVED,
    /// Its thread has gone on without the turn that was asked for, and wants none any more.
    LEFT
  }

  private final FairTurns turns;
  private final String group;
  private final AtomicReference<State> state = new AtomicReference<>(State.AWAKE);

  /// Set by its thread before it sleeps for the first time.
  private volatile @Nullable Thread thread;

  private volatile boolean isReleased;

  // Owned by its thread, or by the one that serves it.
  private boolean hasTurn;
  private @Nullable Served served;

  /// @param group of turns that it takes by itself
  TurnTaker(FairTurns turns, String group) {
    this.turns = turns;
    this.group = group;
  }

  /// Of turns that it takes by itself.
  String group() {
    return group;
  }

  boolean hasTurn() {
    return hasTurn;
  }

  /// Takes a turn when others leave it one at once.
  ///
  /// @return false when [#awaitTurn] has to follow
  boolean tryTake() {
    if (hasTurn || isReleased) {
      return true;
    }
    thread = Thread.currentThread();
    state.set(State.ASKED);
    turns.ask(group, this);
    if (state.get() != State.GRANTED) {
      return false;
    }
    taken();
    return true;
  }

  /// Sleeps until the turn that was asked for has come, or it is released.
  void awaitTurn() {
    while (state.get() != State.GRANTED) {
      if (isReleased && hasLeft()) {
        return;
      }
      LockSupport.park(this);
    }
    taken();
  }

  private boolean hasLeft() {
    return state.compareAndSet(State.ASLEEP, State.LEFT)
        || state.compareAndSet(State.ASKED, State.LEFT);
  }

  private void taken() {
    state.set(State.AWAKE);
    hasTurn = true;
  }

  /// Leaves the turn to others.
  void give() {
    if (hasTurn) {
      hasTurn = false;
      turns.give(1);
    }
  }

  /// Passes its turn to whoever delivers for it.
  Turn pass(int bytes) {
    hasTurn = false;
    return new Turn(turns, turns.charge(bytes));
  }

  /// Sleeps until the condition holds, and has a turn then; or until it is released.
  void await(BooleanSupplier condition) {
    give();
    thread = Thread.currentThread();
    while (!hasTurn && !isReleased) {
      state.set(State.ASLEEP);
      if (condition.getAsBoolean()) {
        wake(group);
      }
      awaitTurn();
      if (!condition.getAsBoolean()) {
        give();
      }
    }
  }

  /// Sleeps, and is served, until its thread has to go on; as [#await].
  void awaitServed(Served by) {
    served = by;
    try {
      await(by::hasNews);
    } finally {
      served = null;
    }
  }

  /// Something has changed that a sleeper may wait for.
  ///
  /// @param of which it waits for its turn
  void wake(String of) {
    if (state.get() == State.ASLEEP && state.compareAndSet(State.ASLEEP, State.ASKED)) {
      turns.ask(of, this);
    }
  }

  /// Its thread goes on at once, for good: it needs no turn to end.
  void release() {
    isReleased = true;
    LockSupport.unpark(thread);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // whether the sleeper itself asks
  public void granted() {
    Served by = served;
    if (!state.compareAndSet(State.ASKED, by == null ? State.GRANTED : State.SERVED)) {
      turns.give(1); // It has left.
    } else if (by != null) {
      turns.run(() -> serve(by));
    } else {
      LockSupport.unpark(thread); // Also its own, which is about to look.
    }
  }

  /// In the stead of its thread, which sleeps.
  private void serve(Served by) {
    hasTurn = true;
    if (by.serve()) {
      give();
      state.set(State.ASLEEP);
      if (by.hasNews()) {
        wake(group);
      }
      if (isReleased) {
        LockSupport.unpark(thread);
      }
    } else if (hasTurn) {
      hasTurn = false; // Its thread takes it.
      state.set(State.GRANTED);
      LockSupport.unpark(thread);
    } else {
      served = null; // The turn went with the last delivery.
      state.set(State.ASKED);
      turns.ask(group, this);
    }
  }
}
