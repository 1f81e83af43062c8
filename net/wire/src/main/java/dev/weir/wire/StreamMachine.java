package dev.weir.wire;

import static dev.weir.flow.Cell.go;

import dev.weir.flow.Cell;
import dev.weir.flow.Described;
import dev.weir.flow.MachineAction;
import dev.weir.flow.MachineTable;

/// The life of a stream at one end. Messages are no events here: [State#canSend] and
/// [State#canReceive] decide on them without a step.
public final class StreamMachine {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "wire-stream",
          "The life of a stream on raw TCP, at one end.",
          State.class,
          Event.class,
          Action.class,
          StreamMachine::cell);

  private StreamMachine() {}

  /// Where it stands.
  public enum State implements Described {
    IDLE("Asked for, not yet opened on the connection.", true, false),
    OPEN("Both ends may send.", true, true),
    LOCAL_ENDED("This end has said its last; the peer may send.", false, true),
    REMOTE_ENDED("The peer has said its last; this end may send.", true, false),
    DRAINING("Nothing more comes; what was queued here is still being sent.", false, false),
    CLOSED("Over.", false, false);

    private final String meaning;
    private final boolean canSend;
    private final boolean canReceive;

    State(String meaning, boolean canSend, boolean canReceive) {
      this.meaning = meaning;
      this.canSend = canSend;
      this.canReceive = canReceive;
    }

    @Override
    public String meaning() {
      return meaning;
    }

    /// Whether the owner may give messages to send.
    boolean canSend() {
      return canSend;
    }

    /// Whether messages of the peer are delivered.
    boolean canReceive() {
      return canReceive;
    }
  }

  /// What happened.
  public enum Event implements Described {
    OPENED("OPEN was sent or received."),
    LOCAL_END("The owner has nothing more to send."),
    REMOTE_END("END came without a status."),
    LOCAL_FINISH("The owner ends the stream with a status."),
    REMOTE_FINISH("END came with a status."),
    DRAINED("All that was queued here is sent."),
    LOCAL_ABORT("The owner cancels or resets the stream."),
    REMOTE_ABORT("CANCEL or RESET came, or the connection was lost.");

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
    BEGIN("Take the stream into the connection's table."),
    QUEUE_END("Send END behind what is queued."),
    TELL_END("Tell the owner that the peer has said its last."),
    CLOSE("Forget the stream and tell the owner how it ended."),
    ABORT("Drop what is queued, tell the peer, forget the stream and tell the owner."),
    REFUSE("The peer breaks the protocol: end the connection.");

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
      case OPENED ->
          switch (state) {
            case IDLE -> go(Action.BEGIN, State.OPEN);
            case OPEN, LOCAL_ENDED, REMOTE_ENDED, DRAINING, CLOSED -> go(Action.IGNORE, state);
          };
      case LOCAL_END ->
          switch (state) {
            case OPEN -> go(Action.QUEUE_END, State.LOCAL_ENDED);
            case REMOTE_ENDED -> go(Action.QUEUE_END, State.DRAINING);
            case IDLE, LOCAL_ENDED, DRAINING, CLOSED -> go(Action.IGNORE, state);
          };
      case LOCAL_FINISH ->
          switch (state) {
            case OPEN, REMOTE_ENDED -> go(Action.QUEUE_END, State.DRAINING);
            case IDLE, LOCAL_ENDED, DRAINING, CLOSED -> go(Action.IGNORE, state);
          };
      case REMOTE_END ->
          switch (state) {
            case OPEN -> go(Action.TELL_END, State.REMOTE_ENDED);
            case LOCAL_ENDED -> go(Action.TELL_END, State.DRAINING);
            case REMOTE_ENDED -> go(Action.REFUSE, state);
            case IDLE, DRAINING, CLOSED -> go(Action.IGNORE, state);
          };
      case REMOTE_FINISH ->
          switch (state) {
            case OPEN, LOCAL_ENDED, REMOTE_ENDED, DRAINING -> go(Action.CLOSE, State.CLOSED);
            case IDLE, CLOSED -> go(Action.IGNORE, state);
          };
      case DRAINED ->
          switch (state) {
            case DRAINING -> go(Action.CLOSE, State.CLOSED);
            case IDLE, OPEN, LOCAL_ENDED, REMOTE_ENDED, CLOSED -> go(Action.IGNORE, state);
          };
      case LOCAL_ABORT ->
          switch (state) {
            case IDLE -> go(Action.CLOSE, State.CLOSED);
            case OPEN, LOCAL_ENDED, REMOTE_ENDED, DRAINING -> go(Action.ABORT, State.CLOSED);
            case CLOSED -> go(Action.IGNORE, state);
          };
      case REMOTE_ABORT ->
          switch (state) {
            case IDLE, OPEN, LOCAL_ENDED, REMOTE_ENDED, DRAINING -> go(Action.CLOSE, State.CLOSED);
            case CLOSED -> go(Action.IGNORE, state);
          };
    };
  }
}
