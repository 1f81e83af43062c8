package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The client machine as it was published, for version 1 of the contract: a window of messages,
/// each acked or timed out by its id. Sending without waiting is all there is to it: the window,
/// not the round trip, bounds what is under way.
///
/// The owner looks ids up before the table: an ack or timeout for an id that is not in flight is a
/// counted stray and never reaches a cell of SENDING or FULL.
public final class PublishedSender {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "published-sender",
          "The client of version 1: a window of messages, acked one by one.",
          State.class,
          Event.class,
          Action.class,
          PublishedSender::cell);

  private PublishedSender() {}

  /// How much is in flight.
  public enum State implements Described {
    IDLE("Nothing is in flight."),
    SENDING("Something is in flight and there is room for more."),
    FULL("As much is in flight as the window allows.");

    private final String meaning;

    State(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What happens to one message.
  public enum Event implements Described {
    SEND("The application has a message to send."),
    ACK("The server has stored a message that is in flight."),
    TIMEOUT("A message in flight was not acked in time.");

    private final String meaning;

    Event(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What the owner does about it.
  public enum Action implements MachineAction {
    IGNORE("Nothing; counted."),
    TRANSMIT("Write the message and remember it as in flight."),
    HOLD("Keep the message queued until there is room."),
    SETTLE("Forget the message; it is safe with the server."),
    REQUEUE("Take the message out of flight and put it first in the queue.");

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
      case SEND ->
          switch (state) {
            case IDLE -> go(Action.TRANSMIT, State.SENDING, State.FULL); // FULL: a window of one.
            case SENDING -> go(Action.TRANSMIT, State.SENDING, State.FULL);
            case FULL -> go(Action.HOLD, State.FULL);
          };
      case ACK ->
          switch (state) {
            case IDLE -> go(Action.IGNORE, State.IDLE); // A second ack of a settled message.
            case SENDING -> go(Action.SETTLE, State.IDLE, State.SENDING);
            case FULL -> go(Action.SETTLE, State.IDLE, State.SENDING, State.FULL); // It shrank.
          };
      case TIMEOUT ->
          switch (state) {
            case IDLE -> go(Action.IGNORE, State.IDLE); // The ack won the race.
            case SENDING -> go(Action.REQUEUE, State.IDLE, State.SENDING);
            case FULL -> go(Action.REQUEUE, State.IDLE, State.SENDING, State.FULL);
          };
    };
  }
}
