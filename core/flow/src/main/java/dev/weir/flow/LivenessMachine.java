package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// Whether the peer lives: any byte from it is life, and three heartbeat intervals without one are
/// death. The running form is [Liveness].
public final class LivenessMachine {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "liveness",
          "Whether the peer is heard at all.",
          State.class,
          Event.class,
          Action.class,
          LivenessMachine::cell);

  private LivenessMachine() {}

  /// Where it stands.
  public enum State implements Described {
    HEARD("Something came since the last beat."),
    SILENT("Nothing came since the last beat."),
    MISSED_ONE("Nothing came for one whole interval."),
    MISSED_TWO("Nothing came for two whole intervals."),
    DEAD("Nothing came for three whole intervals.");

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
    RECEIVED("A byte came from the peer, of whatever kind."),
    BEAT("A heartbeat interval is over.");

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
    NOTE_LIFE("Only take note."),
    SEND_HEARTBEAT("Send a heartbeat with the progress counters."),
    DECLARE_DEAD("Report the peer as dead.");

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
      case RECEIVED ->
          switch (state) {
            case HEARD -> go(Action.IGNORE, state);
            case SILENT, MISSED_ONE, MISSED_TWO -> go(Action.NOTE_LIFE, State.HEARD);
            case DEAD -> go(Action.IGNORE, state); // Too late: the verdict was acted on.
          };
      case BEAT ->
          switch (state) {
            case HEARD -> go(Action.SEND_HEARTBEAT, State.SILENT);
            case SILENT -> go(Action.SEND_HEARTBEAT, State.MISSED_ONE);
            case MISSED_ONE -> go(Action.SEND_HEARTBEAT, State.MISSED_TWO);
            case MISSED_TWO -> go(Action.DECLARE_DEAD, State.DEAD);
            case DEAD -> go(Action.IGNORE, state);
          };
    };
  }
}
