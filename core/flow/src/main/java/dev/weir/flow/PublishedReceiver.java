package dev.weir.flow;

import static dev.weir.flow.Cell.go;

/// The server machine as it was published, for clients of version 1: a bounded queue before the
/// store. A version 1 client knows no credit, so a full queue drops its oldest message and says so;
/// that message was never acked and the client's timeout brings it again. Every drop is counted.
public final class PublishedReceiver {
  public static final MachineTable<State, Event, Action> TABLE =
      MachineTable.of(
          "published-receiver",
          "The server as version 1 clients know it: a bounded queue before the store.",
          State.class,
          Event.class,
          Action.class,
          PublishedReceiver::cell);

  private PublishedReceiver() {}

  /// Whether the queue takes one more.
  public enum State implements Described {
    ROOM("The queue takes another message."),
    FULL("The queue holds as much as it may.");

    private final String meaning;

    State(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// What happens at the two ends of the queue.
  public enum Event implements Described {
    RECEIVED("A message came from the client."),
    STORAGE_READY("The store takes more.");

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
    ENQUEUE("Put the message at the end of the queue."),
    FORWARD("Hand the oldest messages to the store; each is acked once it is durable."),
    DROP_OLDEST_AND_TELL(
        "Drop the oldest message to make room, enqueue the new one, count the drop and tell the"
            + " client the queue's capacity.");

    private final String meaning;

    Action(String meaning) {
      this.meaning = meaning;
    }

    @Override
    public String meaning() {
      return meaning;
    }
  }

  /// The table: what to do and where it may lead.
  public static Cell<State, Action> cell(Event event, State state) {
    return switch (event) {
      case RECEIVED ->
          switch (state) {
            case ROOM -> go(Action.ENQUEUE, State.ROOM, State.FULL);
            case FULL -> go(Action.DROP_OLDEST_AND_TELL, State.FULL);
          };
      case STORAGE_READY ->
          switch (state) {
            case ROOM -> go(Action.FORWARD, State.ROOM);
            case FULL -> go(Action.FORWARD, State.ROOM, State.FULL); // FULL: it took too little.
          };
    };
  }
}
