package dev.weir.broker.queue;

import static dev.weir.flow.Cell.go;

import dev.weir.flow.Cell;
import dev.weir.flow.Described;
import dev.weir.flow.MachineAction;
import dev.weir.flow.MachineTable;

/// What may happen to one loaded message of a queue.
public final class DeliveryTable {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "queue-delivery",
          "Where a loaded message of a queue stands.",
          State.class,
          Event.class,
          Action.class,
          DeliveryTable::cell);

  private DeliveryTable() {}

  /// Where it stands.
  public enum State implements Described {
    PARKED("Behind an earlier one of its key."),
    WAITING("Not due: delayed, or to be tried again later."),
    READY("The next consumer with room may have it."),
    HELD("A consumer has it, under a lease."),
    GONE("Settled; its key goes on behind it.");

    private final String meaning;

    State(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What happened.
  public enum Event implements Described {
    TURN("All before it of its key are settled."),
    DUE("Its time has come."),
    TAKE("A consumer has room."),
    ACK("The consumer is done with it."),
    NACK("The consumer gives it back, or left."),
    LEASE_OVER("The lease ended."),
    EXTEND("The consumer needs more time."),
    REJECT("The consumer says that it can never be handled."),
    DISCARD("It expired, or its queue is too long or purged.");

    private final String meaning;

    Event(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What the machine does.
  public enum Action implements MachineAction {
    IGNORE("Nothing: not true of it any more."),
    ADMIT("Let it wait for its time, or be ready."),
    HAND_OUT("Hand it out under a lease."),
    RENEW("Move the lease's end."),
    GIVE_BACK("Count the delivery; let it wait, or be dead at the limit."),
    REMOVE("Take it out and let its key go on.");

    private final String meaning;

    Action(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }

    @Override
    public boolean isNoOp() {
      return this == IGNORE;
    }
  }

  /// The table: what to do and where it may lead.
  public static Cell<State, Action> cell(Event event, State state) {
    return switch (event) {
      case TURN ->
          switch (state) {
            case PARKED -> go(Action.ADMIT, State.READY, State.WAITING);
            case WAITING, READY, HELD, GONE -> go(Action.IGNORE, state);
          };
      case DUE ->
          switch (state) {
            case WAITING -> go(Action.ADMIT, State.READY);
            case PARKED, READY, HELD, GONE -> go(Action.IGNORE, state);
          };
      case TAKE ->
          switch (state) {
            case READY -> go(Action.HAND_OUT, State.HELD);
            case PARKED, WAITING, HELD, GONE -> go(Action.IGNORE, state);
          };
      case ACK, REJECT -> ofHeld(state, go(Action.REMOVE, State.GONE));
      case NACK, LEASE_OVER ->
          ofHeld(state, go(Action.GIVE_BACK, State.READY, State.WAITING, State.GONE));
      case EXTEND -> ofHeld(state, go(Action.RENEW, State.HELD));
      case DISCARD ->
          switch (state) {
            case PARKED, WAITING, READY -> go(Action.REMOVE, State.GONE);
            case HELD, GONE -> go(Action.IGNORE, state); // Whoever holds it may finish.
          };
    };
  }

  private static Cell<State, Action> ofHeld(State state, Cell<State, Action> held) {
    return switch (state) {
      case HELD -> held;
      case PARKED, WAITING, READY, GONE -> go(Action.IGNORE, state);
    };
  }
}
