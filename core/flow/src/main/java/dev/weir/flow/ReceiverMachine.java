package dev.weir.flow;

/// The version 2 stream of the server: from hello to the last ack.
///
/// Problem: what a client may count on is that an ack means durable, that each sequence is stored
/// once, and that it is told when it has to send again. All three must hold while stores fail,
/// sessions are fenced and queues fill. Idea: one total table over seven states; [LaneDedup] judges
/// sequences and [Credit] judges room before the table is asked.
///
/// Invariants that the table keeps:
/// - no frame is stored for a session that has not been welcomed;
/// - a frame is enqueued only in OPEN, FULL and DRAIN, and only when it is the lane's next one;
/// - FULL and SUSPENDED never stop reading: acks, heartbeats and the frames already under credit
///   would wait behind the pause, and the peer would take it for death. They only stop granting;
/// - closing never takes back what is queued: it is stored once, and the next session learns of it.
///
/// Pure: any thread may call. The running machine is a [Machine], owned by the stream's thread.
public final class ReceiverMachine {
  public static final MachineTable<ReceiverState, ReceiverEvent, ReceiverAction> TABLE =
      MachineTable.of(
          "receiver",
          "The version 2 stream of the server: takes frames within credit, acks what is durable.",
          ReceiverState.class,
          ReceiverEvent.class,
          ReceiverAction.class,
          ReceiverMachine::cell);

  private ReceiverMachine() {}

  /// The table: what to do and where it may lead.
  public static Cell<ReceiverState, ReceiverAction> cell(ReceiverEvent event, ReceiverState state) {
    return switch (event) {
      case HELLO -> ReceiverSessionRows.hello(state);
      case HELLO_BAD -> ReceiverSessionRows.helloBad(state);
      case HELLO_TIMEOUT -> ReceiverSessionRows.helloTimeout(state);
      case LANES_LOADED -> ReceiverSessionRows.lanesLoaded(state);
      case FRAME_NEXT -> ReceiverFrameRows.frameNext(state);
      case FRAME_OVER_CREDIT -> ReceiverFrameRows.frameOverCredit(state);
      case FRAME_DUPLICATE -> ReceiverFrameRows.frameDuplicate(state);
      case FRAME_GAP -> ReceiverFrameRows.frameGap(state);
      case FRAME_VOID -> ReceiverFrameRows.frameVoid(state);
      case FRAME_INVALID -> ReceiverFrameRows.frameInvalid(state);
      case DICTIONARY_UNKNOWN -> ReceiverFrameRows.dictionaryUnknown(state);
      case DICTIONARY_OFFERED -> ReceiverFrameRows.dictionaryOffered(state);
      case COMMITTED -> ReceiverStoreRows.committed(state);
      case QUEUE_HIGH -> ReceiverStoreRows.queueHigh(state);
      case QUEUE_LOW -> ReceiverStoreRows.queueLow(state);
      case QUOTA_EXCEEDED -> ReceiverStoreRows.quotaExceeded(state);
      case QUOTA_OK -> ReceiverStoreRows.quotaOk(state);
      case STORE_ERROR -> ReceiverStoreRows.storeError(state);
      case STORE_RECOVERED -> ReceiverStoreRows.storeRecovered(state);
      case SUPERSEDED -> ReceiverSessionRows.superseded(state);
      case BYE -> ReceiverSessionRows.bye(state);
      case TRANSPORT_DOWN -> ReceiverSessionRows.peerLost(state);
      case LIVENESS_TIMEOUT -> ReceiverSessionRows.peerLost(state);
      case STALLED -> ReceiverSessionRows.peerLost(state);
      case DRAIN_ORDERED -> ReceiverSessionRows.drainOrdered(state);
      case DRAIN_DEADLINE -> ReceiverSessionRows.drainDeadline(state);
    };
  }

  /// Where a granting or enqueueing action lands.
  ///
  /// @param isPaused whether the queue is high or the quota used up
  public static ReceiverState landing(boolean isPaused) {
    return isPaused ? ReceiverState.FULL : ReceiverState.OPEN;
  }
}
