package dev.weir.flow;

/// Everything that can happen to a version 2 sender. What an event carries (a sequence, a limit)
/// stays with the owner; what decides between two cells is an event of its own.
public enum SenderEvent implements Described {
  START("The owner or an operator wants the sender to run."),
  BACKOFF_ELAPSED("The wait before the next dial is over."),
  TRANSPORT_UP("The transport is connected."),
  TRANSPORT_DOWN("The transport is gone, for whatever reason."),
  TRANSPORT_UNWRITABLE("The transport holds as many unsent bytes as it should."),
  TRANSPORT_WRITABLE("The transport takes bytes again."),
  WELCOME("The server accepted the session and says what it holds durably."),
  WELCOME_AHEAD(
      "The server holds sequences that this spool never assigned: the spool is a copy or older."),
  WELCOME_FOREIGN(
      "The server holds another frame than this spool under a sequence: the spool is a copy, or was"
          + " copied."),
  REJECT_FATAL("The server refuses for good: authentication, or no common version."),
  REJECT_BUSY("The server refuses for now and says for how long."),
  REJECT_REDIRECT("The server names another address."),
  REJECT_SUPERSEDED("A newer session of the same identity took over."),
  GO_AWAY("The server asks the sender to finish and come back elsewhere or later."),
  HELLO_TIMEOUT("The welcome did not come in time."),
  SPOOL_READY("The spool has something new to send."),
  SPOOL_HOLE("The spool's next frames are damaged and cannot be read."),
  SPOOL_POISONED(
      "A write or fsync of the spool failed; what was durable before can still be read."),
  SPOOL_UNREADABLE("The spool's directory cannot be read at all."),
  ACK("An ack that settles something in flight."),
  ANSWER_STALE("An ack or nack about what is settled or taken back already."),
  ANSWER_IMPOSSIBLE(
      "An ack or nack that cannot be true: never sent, or acked before and now refused."),
  NACK_REFUSED("The server will never store the frame: invalid or too large."),
  NACK_UNKNOWN_DICTIONARY("The server does not know the frame's dictionary."),
  NACK_NOT_STORED(
      "The server could not store the frame or had no room; all that followed it is void."),
  CREDIT("The server raised its limit."),
  ACK_TIMEOUT("The oldest frame in flight is not acked in time."),
  ACK_TIMEOUT_AGAIN("It is still not acked, although the server was pinged."),
  LIVENESS_TIMEOUT("No byte came from the server for three heartbeats."),
  STALLED("The server is heard, but what is sent to it does not arrive."),
  DICTIONARY_TRAINED("A better dictionary is ready to be offered."),
  DICTIONARY_ACCEPTED("The server holds the offered dictionary durably."),
  STOP("The owner wants an orderly end by a deadline."),
  DRAIN_DEADLINE("The time to drain is over.");

  private final String meaning;

  SenderEvent(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
