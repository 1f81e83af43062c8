package dev.weir.flow;

/// Where one version 2 stream of the server stands.
public enum ReceiverState implements Described {
  NEW("The stream is open; hello is awaited."),
  RESUME("Hello came; what is stored of its lanes is being looked up."),
  OPEN("Frames are taken and credit is granted as they are stored."),
  FULL(
      "The queue before the store is high: what is within the granted credit is taken,"
          + " no more is granted."),
  SUSPENDED("The store cannot take anything; the session is kept until it recovers."),
  DRAIN("Ends the conversation in order: acks what is queued, then closes."),
  CLOSED("The stream is gone; what was queued is still stored.");

  private final String meaning;

  ReceiverState(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
