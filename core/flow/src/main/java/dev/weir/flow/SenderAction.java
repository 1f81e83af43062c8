package dev.weir.flow;

/// What the owner of a version 2 sender performs. To send always means: from the lane's next
/// sequence on, while the window, the credit and the transport allow.
public enum SenderAction implements MachineAction {
  IGNORE("Nothing; counted."),
  DIAL("Begin to connect to the address of choice."),
  RETURN_TO_WORK("Forget why it halted and schedule a dial at once."),
  SEND_HELLO("Send hello with each lane's first unacked and next sequence; start the hello timer."),
  RESUME(
      "Trim each lane to what is durable, continue behind it, take the credit, offer"
          + " dictionaries, send."),
  NOTE_BACKLOG("Only keep the gauge of what waits; the welcome will send it."),
  PUMP("Send."),
  SETTLE("Remove what is acked, feed the window, advance the acked cursor."),
  SETTLE_AND_PUMP(
      "Settle, then send; a draining sender sends on only if it is to flush, and closes"
          + " once nothing is left."),
  SET_CREDIT("Remember the limit."),
  SET_CREDIT_AND_PUMP("Remember the limit, then send."),
  SUSPEND_SENDING("Send nothing until the transport takes bytes again."),
  BURY_AND_PUMP(
      "Hand the refused frame back to its source and count it; the server passes its"
          + " sequence, so go on behind it."),
  PUBLISH_DICTIONARY_AND_REWIND(
      "Send the dictionary, then again from the refused sequence; without the dictionary where it"
          + " was sent before."),
  REWIND_AND_HOLD(
      "Take back everything from the refused sequence on; wait for fresh credit before"
          + " sending it again."),
  PING("Ask the server for a sign of life and remember that it was asked."),
  RECORD_LOSS("Send a loss record in place of the damaged range, count it, go on behind it."),
  MARK_DEGRADED(
      "Raise the degraded flag; the spool goes on in a fresh segment or holds its sources back."),
  HOLD_DICTIONARY("Keep the dictionary until it can be offered."),
  PUBLISH_DICTIONARY("Offer the dictionary to the server."),
  USE_DICTIONARY("Tell the batcher to compress new frames with it."),
  BEGIN_DRAIN(
      "Send bye or note the redirect, start the drain timer, begin nothing new unless it"
          + " is to flush."),
  TIGHTEN_DEADLINE("Take the earlier of the two deadlines."),
  RECONNECT(
      "Close in order; what is in flight counts as unsent; dial at once, elsewhere if so told."),
  RETRY_LATER("Close; dial again after the time that the server or the refusal's kind asks for."),
  YIELD_TO_NEWER(
      "Close; dial after 1 to 5 s, or halt at the third time within 60 s: a cloned identity."),
  ABORT(
      "Cut the transport; what is in flight counts as unsent; dial after a back-off"
          + " unless it was told to stop."),
  PROTOCOL_ERROR("Count and report the peer's fault, then as abort."),
  BACK_OFF(
      "The transport is gone: what is in flight counts as unsent; dial after a back-off"
          + " unless told to stop."),
  CLOSE("Send bye if connected, close in order, end the timers."),
  GIVE_UP("Close, end the timers, and tell the operator why it will not try again.");

  private final String meaning;

  SenderAction(String meaning) {
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
