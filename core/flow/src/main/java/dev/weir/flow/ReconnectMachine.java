package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// When to dial again: apart from the sender's table, because how long to wait depends on how the
/// connection ended and not on what was in flight. The running form is [Reconnect].
public final class ReconnectMachine {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "reconnect",
          "When to dial again, and how the wait grows and shrinks.",
          State.class,
          Event.class,
          Action.class,
          ReconnectMachine::cell);

  private ReconnectMachine() {}

  /// Where it stands.
  public enum State implements Described {
    WAITING("The wait before the next attempt runs."),
    TRYING("An attempt is under way: dialing, or hello."),
    CONNECTED("The session was welcomed.");

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
    DUE("The wait is over, or there is none."),
    WELCOMED("The server welcomed the session."),
    LOST_EARLY("The attempt failed, or the session ended before it was healthy for 20 s."),
    LOST_HEALTHY("The session ended after at least 20 s."),
    SENT_AWAY("The server says when, or where, to come back.");

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
    TRY("Begin an attempt."),
    NOTE_TIME("Remember since when the session lives."),
    WAIT_LONGER("Wait with the next, doubled ceiling."),
    WAIT_AFRESH("Wait with the first ceiling again."),
    WAIT_AS_TOLD("Wait as told; if that fails to help, with a growing back-off on top.");

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
      case DUE ->
          switch (state) {
            case WAITING -> go(Action.TRY, State.TRYING);
            case TRYING, CONNECTED -> go(Action.IGNORE, state);
          };
      case WELCOMED ->
          switch (state) {
            case TRYING -> go(Action.NOTE_TIME, State.CONNECTED);
            case WAITING, CONNECTED -> go(Action.IGNORE, state);
          };
      case LOST_EARLY ->
          switch (state) {
            case WAITING -> go(Action.IGNORE, state);
            case TRYING, CONNECTED -> go(Action.WAIT_LONGER, State.WAITING);
          };
      case LOST_HEALTHY ->
          switch (state) {
            case WAITING, TRYING -> go(Action.IGNORE, state);
            case CONNECTED -> go(Action.WAIT_AFRESH, State.WAITING);
          };
      case SENT_AWAY ->
          switch (state) {
            case WAITING -> go(Action.IGNORE, state);
            case TRYING, CONNECTED -> go(Action.WAIT_AS_TOLD, State.WAITING);
          };
    };
  }
}
