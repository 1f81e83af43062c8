package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// Whether what is sent arrives: a path can fail in one direction only, and then the peer is still
/// heard. Each heartbeat of the peer says how many bytes it received; when that stands still on two
/// heartbeats in a row although more was sent, the direction is dead. The running form is
/// [Liveness].
public final class ProgressMachine {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "progress",
          "Whether what is sent arrives, judged on each heartbeat of the peer.",
          State.class,
          Event.class,
          Action.class,
          ProgressMachine::cell);

  private ProgressMachine() {}

  /// Where it stands.
  public enum State implements Described {
    MOVING("What is sent arrives, or nothing is under way."),
    SUSPECT("One heartbeat showed no progress."),
    STALLED("Two heartbeats in a row showed no progress.");

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
    MOVED("The peer received more than at its last heartbeat."),
    NOTHING_DUE("The peer received all that was sent."),
    STUCK("More was sent than the peer received, and its count stands still.");

    private final String meaning;

    Event(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What the owner does.
  public enum Action implements MachineAction {
    IGNORE("Nothing; counted."),
    CLEAR("Drop the suspicion."),
    SUSPECT("Take note; the next heartbeat decides."),
    DECLARE_STALLED("Report the direction as dead.");

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
      case MOVED ->
          switch (state) {
            case MOVING -> go(Action.IGNORE, state);
            case SUSPECT -> go(Action.CLEAR, State.MOVING);
            case STALLED -> go(Action.IGNORE, state); // Too late: the verdict was acted on.
          };
      case NOTHING_DUE ->
          switch (state) {
            case MOVING -> go(Action.IGNORE, state);
            case SUSPECT -> go(Action.CLEAR, State.MOVING);
            case STALLED -> go(Action.IGNORE, state);
          };
      case STUCK ->
          switch (state) {
            case MOVING -> go(Action.SUSPECT, State.SUSPECT);
            case SUSPECT -> go(Action.DECLARE_STALLED, State.STALLED);
            case STALLED -> go(Action.IGNORE, state);
          };
    };
  }
}
