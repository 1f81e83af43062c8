package dev.weir.flow;

/// Where a version 2 sender stands; IDLE, OPEN and FULL are the published three.
public enum SenderState implements Described {
  BACKOFF("Not connected; waits before it dials again."),
  CONNECT("The transport is being set up."),
  HELLO("Hello is sent and the welcome is awaited."),
  IDLE("Nothing is in flight and nothing waits to be sent."),
  OPEN("Something is in flight and more may be sent."),
  FULL("The window, the credit or the transport allows no more for now."),
  DRAIN("Ends the conversation in order: waits for what is in flight."),
  HALT("At rest, because it was told to stop or refused for good; only a start leaves it.");

  private final String meaning;

  SenderState(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
