package dev.weir.flow;

/// What the owner of a version 2 stream of the server performs.
public enum ReceiverAction implements MachineAction {
  IGNORE("Nothing; counted."),
  FENCE_AND_LOAD(
      "Close an older session of the same identity; once all that it queued is settled,"
          + " look up what"
          + " is stored of the lanes."),
  REJECT_HELLO("Send reject with the reason, close."),
  REJECT_BUSY("Send reject with a time to retry after, close."),
  REJECT_REDIRECT("Send reject with another address, close."),
  REJECT_SUPERSEDED("Send reject as superseded, close; what is queued is still stored, once."),
  WELCOME("Send each lane's durable sequence and the first credit."),
  ENQUEUE("Hand the frame to the store; the lane's last sequence advances."),
  ACK_AGAIN("Drop the frame, count it, repeat the lane's ack."),
  NACK_INVALID(
      "Nack the frame and have the store pass its sequence with a loss record; close at"
          + " the third in a row."),
  NACK_UNKNOWN_DICTIONARY(
      "Drop the frame and ask for its dictionary; take the lane on from that sequence."),
  NACK_NOT_STORED("Drop the frame and ask for the lane again from the sequence that is missing."),
  NACK_OVERFLOW("Drop the frame and ask for it again once credit is granted."),
  STORE_DICTIONARY("Check its hash, store it durably, then say so."),
  REFUSE_DICTIONARY("Say that it cannot be stored now."),
  ACK("Send each lane's durable sequence, one ack per lane and commit; close a drained stream."),
  ACK_AND_GRANT("Ack, then grant credit if the queue is at its low mark or below."),
  STOP_GRANTING("Grant no more credit; go on reading, for acks and heartbeats must not wait."),
  GRANT("Grant credit up to the budget."),
  SUSPEND(
      "Drop what is queued and not durable; nack, behind its durable sequence, each lane that lost"
          + " something by that; grant nothing."),
  FINISH("Store and ack what is queued, then close."),
  GO_AWAY("Send go-away with the time to drain; store and ack what still comes."),
  GO_AWAY_AND_CLOSE("Send go-away, close."),
  CLOSE("Close; what is queued is still stored."),
  PROTOCOL_ERROR("Count and report the peer's fault, close; what is queued is still stored.");

  private final String meaning;

  ReceiverAction(String meaning) {
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
