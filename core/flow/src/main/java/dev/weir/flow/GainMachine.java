package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// How much more than the path holds a sender puts in flight, in order to learn what it holds. The
/// running form is [GainCycle].
public final class GainMachine {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "window-gain",
          "How much more than it believes the path to hold an adaptive window lets in flight.",
          State.class,
          Event.class,
          Action.class,
          GainMachine::cell);

  private GainMachine() {}

  /// What the window is about.
  public enum State implements Described {
    START("Nothing is known yet: the window doubles with each round trip."),
    DRAIN("What the last steps put into queues is let out."),
    CRUISE("The path is full, with a reserve for the core's jitter."),
    PROBE("More is sent, to see whether the path gives more."),
    MEASURE("Little is sent, so that the round trip of the empty path shows.");

    private final String meaning;

    State(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What a round, about one round trip, showed.
  public enum Event implements Described {
    ROUND_GREW("The delivery rate is a quarter higher than when it was last noted."),
    ROUND_FLAT("The delivery rate is about the same."),
    ROUND_IDLE("The sender had too little to send, or too little credit, to tell."),
    RTT_OLD("The smallest round trip was not seen for 10 s."),
    RTT_SEEN("The round trip of the empty path is what it was, or shorter."),
    RTT_ROSE("The round trip of the empty path rose by a quarter or more: another path.");

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
    NOTE_RATE("Note the rate as the one to compare with, and count flat rounds anew."),
    COUNT_FLAT("Count a flat round; enough of them end the state."),
    BEGIN_MEASURING("Let the minimum be measured."),
    GO_ON("Go on where the measuring interrupted: in START as long as the path never was full.");

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
      case ROUND_GREW ->
          switch (state) {
            case START, PROBE -> go(Action.NOTE_RATE, state);
            case DRAIN, CRUISE -> go(Action.NOTE_RATE, State.PROBE);
            case MEASURE -> go(Action.IGNORE, state);
          };
      case ROUND_FLAT ->
          switch (state) {
            case START -> go(Action.COUNT_FLAT, State.START, State.DRAIN);
            case DRAIN -> go(Action.NOTE_RATE, State.CRUISE);
            case CRUISE -> go(Action.COUNT_FLAT, State.CRUISE, State.PROBE);
            case PROBE -> go(Action.NOTE_RATE, State.DRAIN);
            case MEASURE -> go(Action.IGNORE, state);
          };
      case ROUND_IDLE -> go(Action.IGNORE, state);
      case RTT_OLD ->
          switch (state) {
            case START, DRAIN, CRUISE, PROBE -> go(Action.BEGIN_MEASURING, State.MEASURE);
            case MEASURE -> go(Action.IGNORE, state);
          };
      case RTT_SEEN ->
          switch (state) {
            case START, DRAIN, CRUISE, PROBE -> go(Action.IGNORE, state);
            case MEASURE -> go(Action.GO_ON, State.START, State.CRUISE);
          };
      case RTT_ROSE ->
          switch (state) {
            case START, DRAIN, CRUISE, PROBE -> go(Action.IGNORE, state);
            case MEASURE -> go(Action.NOTE_RATE, State.START);
          };
    };
  }
}
