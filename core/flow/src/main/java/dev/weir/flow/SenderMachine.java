package dev.weir.flow;

/// The version 2 sender: an edge's uplink or a client that publishes, on one connection after
/// another.
///
/// Problem: the published machine knows a window and three events; a real link also connects, is
/// refused, resumes, is paused, drained and lied to, and each of these can happen at any moment.
/// Idea: one total table over eight states, of which IDLE, OPEN and FULL are the published three.
/// All that needs numbers is decided beside it: [LaneLedger] judges acks, [ByteWindow] says whether
/// there is room, [Liveness] whether the peer lives, [Reconnect] when to dial.
///
/// Invariants that the table keeps:
/// - nothing is sent before the welcome, and nothing that a server may say comes before it;
/// - after any loss of the transport what was in flight counts as unsent: the next welcome tells
///   what is durable, and sequences make sending again harmless;
/// - a late ack never re-sends inside the stream, where it could only make duplicates; it escalates
///   to a ping and then to a new connection;
/// - DRAIN ends in BACKOFF when the server asked for it, in HALT when the owner did.
///
/// Pure: any thread may call. The running machine is a [Machine], owned by the link's thread.
public final class SenderMachine {
  public static final MachineTable<SenderState, SenderEvent, SenderAction> TABLE =
      MachineTable.of(
          "sender",
          "The version 2 sender: connects, resumes, sends within window and credit, drains.",
          SenderState.class,
          SenderEvent.class,
          SenderAction.class,
          SenderMachine::cell);

  private SenderMachine() {}

  /// The table: what to do and where it may lead.
  public static Cell<SenderState, SenderAction> cell(SenderEvent event, SenderState state) {
    return switch (event) {
      case START -> SenderSessionRows.start(state);
      case BACKOFF_ELAPSED -> SenderSessionRows.backoffElapsed(state);
      case TRANSPORT_UP -> SenderSessionRows.transportUp(state);
      case TRANSPORT_DOWN -> SenderSessionRows.transportDown(state);
      case TRANSPORT_UNWRITABLE -> SenderSessionRows.transportUnwritable(state);
      case TRANSPORT_WRITABLE -> SenderSessionRows.transportWritable(state);
      case WELCOME -> SenderSessionRows.welcome(state);
      case WELCOME_AHEAD -> SenderSessionRows.identityTwice(state);
      case WELCOME_FOREIGN -> SenderSessionRows.identityTwice(state);
      case REJECT_FATAL -> SenderSessionRows.rejectFatal(state);
      case REJECT_BUSY -> SenderSessionRows.rejectBusy(state);
      case REJECT_REDIRECT -> SenderSessionRows.rejectRedirect(state);
      case REJECT_SUPERSEDED -> SenderSessionRows.rejectSuperseded(state);
      case GO_AWAY -> SenderSessionRows.goAway(state);
      case HELLO_TIMEOUT -> SenderSessionRows.helloTimeout(state);
      case SPOOL_READY -> SenderTransferRows.spoolReady(state);
      case SPOOL_HOLE -> SenderTransferRows.spoolHole(state);
      case SPOOL_POISONED -> SenderTransferRows.spoolPoisoned(state);
      case SPOOL_UNREADABLE -> SenderTransferRows.spoolUnreadable(state);
      case ACK -> SenderTransferRows.ack(state);
      case ANSWER_STALE -> SenderTransferRows.answerStale(state);
      case ANSWER_IMPOSSIBLE -> SenderTransferRows.answerImpossible(state);
      case NACK_REFUSED -> SenderTransferRows.nackRefused(state);
      case NACK_UNKNOWN_DICTIONARY -> SenderTransferRows.nackUnknownDictionary(state);
      case NACK_NOT_STORED -> SenderTransferRows.nackNotStored(state);
      case CREDIT -> SenderTransferRows.credit(state);
      case ACK_TIMEOUT -> SenderEndingRows.ackTimeout(state);
      case ACK_TIMEOUT_AGAIN -> SenderEndingRows.ackTimeoutAgain(state);
      case LIVENESS_TIMEOUT -> SenderEndingRows.peerLost(state);
      case STALLED -> SenderEndingRows.peerLost(state);
      case DICTIONARY_TRAINED -> SenderTransferRows.dictionaryTrained(state);
      case DICTIONARY_ACCEPTED -> SenderTransferRows.dictionaryAccepted(state);
      case STOP -> SenderEndingRows.stop(state);
      case DRAIN_DEADLINE -> SenderEndingRows.drainDeadline(state);
    };
  }

  /// Where a sending action lands, from what the owner finds afterwards.
  ///
  /// @param inFlightBytes sent and not acked, over all lanes
  /// @param hasBacklog whether the spool holds more to send
  /// @param isLimited whether window, credit or transport forbid sending the next frame
  public static SenderState landing(long inFlightBytes, boolean hasBacklog, boolean isLimited) {
    if (inFlightBytes == 0 && !hasBacklog) {
      return SenderState.IDLE;
    }
    return isLimited ? SenderState.FULL : SenderState.OPEN;
  }
}
