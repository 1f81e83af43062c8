package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.flow.Credit;
import dev.weir.flow.ReceiverEvent;
import dev.weir.flow.ReceiverState;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.DictionaryLookup;
import dev.weir.message.StoredLane;
import dev.weir.proto.Frame;
import dev.weir.proto.Nack;
import dev.weir.proto.NackReason;
import dev.weir.proto.Response;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a session does with frames: judges each, keeps the credit, hands the good ones to the
/// store, holds those for which the store has no room, and knows what became of all of them.
///
/// A frame that will never be stored is not left out: the store gets a batch of nothing under its
/// sequence, fails that as it fails whatever does not decode, and passes the sequence durably. So
/// lanes have no gaps, and a restart knows as much as the session did. A frame whose checksum fails
/// was damaged on the way: it is asked for again.
///
/// Owned by the session's event loop.
final class FrameIntake {
  /// 16,384: bounds what tiny frames cost around their bytes, at a rate of more than a million a
  /// second with commits of 10 ms.
  private static final int MAX_FRAMES = 1 << 14;

  private static final int MAX_INVALID_IN_A_ROW = 3;
  private static final long FIRST_PAUSE_NANOS = 100_000_000L;

  /// 10 s: a store that needs a person is asked six times a minute.
  private static final long MAX_PAUSE_NANOS = 10_000_000_000L;

  private final ServerContext context;
  private final FramedSession session;
  private final Outbound out;
  private final EventExecutor loop;
  private final DictionaryLookup dictionaries;
  private final Credit credit;
  private final Map<Integer, ReceiverLane> lanes = new LinkedHashMap<>();
  private final ArrayDeque<PendingFrame> held = new ArrayDeque<>();
  private @Nullable BatchSource source;
  private int storingCount;
  private int invalidInARow;
  private long receivedFrames;
  private long storedFrames;
  private boolean isCreditOwed;
  private boolean isRoomWanted;
  private boolean hasJoined;
  private boolean isClosed;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long recoverNanos;

  FrameIntake(
      ServerContext context,
      FramedSession session,
      Outbound out,
      EventExecutor loop,
      DictionaryLookup dictionaries) {
    this.context = context;
    this.session = session;
    this.out = out;
    this.loop = loop;
    this.dictionaries = dictionaries;
    this.credit = new Credit(ByteBudget.FLOOR_BYTES);
  }

  /// Begins to share the budget.
  void join() {
    hasJoined = true;
    context.budget().join();
  }

  /// Opens the lanes where the store stands.
  ///
  /// @return the first credit
  long open(SessionHello hello, List<StoredLane> stored) {
    source = hello.source();
    for (int i = 0; i < stored.size(); i++) {
      SessionHello.Lane lane = hello.lanes().get(i);
      long start = lane.start(stored.get(i).sequence());
      lanes.put(lane.number(), new ReceiverLane(lane.number(), start));
    }
    credit.resize(context.budget().shareBytes());
    return credit.grant();
  }

  /// Opens one more lane, at its beginning.
  void open(int lane) {
    lanes.put(lane, new ReceiverLane(lane, 0));
  }

  int laneCount() {
    return lanes.size();
  }

  /// Takes a frame that arrived.
  ///
  /// @return false when its lane is not open
  boolean take(Frame frame, ReceiverState state) {
    ReceiverLane lane = lanes.get(frame.getLane());
    if (lane == null) {
      return false;
    }
    int weight = FrameCodec.weight(frame);
    receivedFrames++;
    context.counters().frames.increment();
    context.counters().bytes.add(weight);
    boolean isWithin = credit.onReceived(weight) && queuedCount() < MAX_FRAMES;
    switch (lane.dedup().decide(frame.getSequence())) {
      case ACCEPT -> accept(lane, frame, weight, isWithin, state);
      case DUPLICATE -> {
        drop(weight);
        context.counters().duplicates.increment();
        session.step(
            ReceiverEvent.FRAME_DUPLICATE,
            () -> {
              lane.ackAgain();
              session.oweAck();
            });
      }
      case GAP -> {
        drop(weight);
        String detail = "Sequence " + frame.getSequence() + " came first.";
        askAgain(ReceiverEvent.FRAME_GAP, lane, NackReason.NACK_REASON_NOT_STORED, detail);
      }
      case VOID -> {
        drop(weight);
        session.step(ReceiverEvent.FRAME_VOID);
      }
    }
    return true;
  }

  private void accept(
      ReceiverLane lane, Frame frame, int weight, boolean isWithin, ReceiverState state) {
    if (!isWithin) {
      drop(weight);
      context.counters().overCredit.increment();
      String detail = "More was sent than the credit of " + credit.limitBytes() + " bytes.";
      askAgain(ReceiverEvent.FRAME_OVER_CREDIT, lane, NackReason.NACK_REASON_OVERFLOW, detail);
    } else if (state == ReceiverState.SUSPENDED) {
      drop(weight);
      String detail = "The store takes nothing now.";
      askAgain(ReceiverEvent.FRAME_NEXT, lane, NackReason.NACK_REASON_NOT_STORED, detail);
    } else if (isDictionaryMissing(frame)) {
      drop(weight);
      String detail = "Dictionary " + frame.getDictionaryId() + " is not known.";
      askAgain(
          ReceiverEvent.DICTIONARY_UNKNOWN,
          lane,
          NackReason.NACK_REASON_UNKNOWN_DICTIONARY,
          detail);
    } else if (!FrameCodec.isIntact(frame)) {
      drop(weight);
      invalidInARow++;
      String detail = "The checksum does not match.";
      askAgain(ReceiverEvent.FRAME_INVALID, lane, NackReason.NACK_REASON_NOT_STORED, detail);
    } else {
      decode(lane, frame, weight);
    }
  }

  private boolean isDictionaryMissing(Frame frame) {
    int id = frame.getDictionaryId();
    return id != 0 && dictionaries.find(id).isEmpty();
  }

  private void decode(ReceiverLane lane, Frame frame, int weight) {
    try {
      Batch batch = FrameCodec.decode(frame, dictionaries, context.config().maxFrame().bytes());
      invalidInARow = 0;
      session.step(ReceiverEvent.FRAME_NEXT, () -> enqueue(lane, frame, weight, false, batch));
    } catch (WeirException e) {
      invalidInARow += FrameCodec.isTombstone(frame) ? 0 : 1;
      session.step(
          ReceiverEvent.FRAME_INVALID,
          () -> {
            refuse(lane.number(), frame.getSequence(), e);
            enqueue(lane, frame, weight, true, FrameCodec.nothing());
          });
    }
  }

  private void enqueue(ReceiverLane lane, Frame frame, int weight, boolean isNacked, Batch batch) {
    int crc = FrameCodec.keptCrc(frame);
    long nowNanos = context.clock().nanoTime();
    PendingFrame pending =
        new PendingFrame(
            session, lane, frame.getSequence(), crc, weight, nowNanos, isNacked, batch);
    lane.add(pending);
    context.budget().onQueued(weight);
    if (!held.isEmpty() || !offer(pending)) {
      held.add(pending);
      wantRoom();
    }
  }

  private boolean offer(PendingFrame frame) {
    Batch batch = frame.batch;
    if (source == null || batch == null) {
      throw new IllegalStateException("a frame was offered twice, or before the hello");
    }
    storingCount++;
    boolean isTaken =
        context
            .store()
            .offer(source, frame.lane.number(), frame.sequence, frame.crc32c, batch, frame);
    if (isTaken) {
      frame.batch = null;
    } else {
      storingCount--;
    }
    return isTaken;
  }

  private void wantRoom() {
    if (!isRoomWanted) {
      isRoomWanted = true;
      context.store().onRoom(() -> Loops.execute(loop, this::onRoom));
    }
  }

  private void onRoom() {
    isRoomWanted = false;
    retry();
  }

  /// Offers again what the store had no room for.
  void retry() {
    PendingFrame frame = held.peek();
    while (frame != null) {
      if (!offer(frame)) {
        wantRoom();
        return;
      }
      held.poll();
      frame = held.peek();
    }
  }

  /// A frame that is not queued leaves the count of what is.
  private void drop(int weight) {
    credit.onReleased(weight);
  }

  private void askAgain(ReceiverEvent event, ReceiverLane lane, NackReason reason, String detail) {
    session.step(event, () -> nackExpected(lane, reason, detail));
    session.settle();
  }

  /// Asks for a lane again from the sequence that it needs next, with credit to follow.
  private void nackExpected(ReceiverLane lane, NackReason reason, String detail) {
    nack(lane.number(), lane.dedup().expected(), reason, detail);
    lane.dedup().refuse();
    isCreditOwed = true;
  }

  private void refuse(int lane, long sequence, WeirException cause) {
    context.counters().invalid.increment();
    nack(lane, sequence, LinkStatus.refusal(cause.code()), cause.explanation());
  }

  private void nack(int lane, long sequence, NackReason reason, String detail) {
    context.counters().nacks.increment();
    Nack.Builder nack =
        Nack.newBuilder().setLane(lane).setSequence(sequence).setReason(reason).setDetail(detail);
    out.send(Response.newBuilder().setNack(nack), FrameCodec.VERSION);
  }

  /// Takes the store's outcome of a frame.
  ///
  /// @return how many frames became durable by it
  int finish(PendingFrame frame, long nowNanos) {
    storingCount--;
    context.budget().onReleased(frame.weight);
    if (isClosed) {
      return 0;
    }
    credit.onReleased(frame.weight);
    WeirException failure = frame.failure;
    if (frame.isVoid || (failure != null && !LinkStatus.isForEver(failure.code()))) {
      return 0;
    }
    if (failure == null) {
      storedFrames++;
      context.counters().storedFrames.increment();
      pauseNanos = FIRST_PAUSE_NANOS;
    } else if (!frame.isNacked) {
      refuse(frame.lane.number(), frame.sequence, failure);
    }
    frame.isDone = true;
    return frame.lane.advance(nowNanos);
  }

  /// The store failed: each lane with something unstored is asked for again, once it recovers.
  void suspend(WeirException cause, long nowNanos) {
    for (PendingFrame frame : held) {
      drop(frame.weight);
      context.budget().onReleased(frame.weight);
    }
    held.clear();
    for (ReceiverLane lane : lanes.values()) {
      if (!lane.dedup().isSettled()) {
        lane.dropQueued();
        nackExpected(lane, NackReason.NACK_REASON_NOT_STORED, cause.explanation());
      }
    }
    recoverNanos = nowNanos + pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
  }

  /// Whether the store may be tried again: every outcome is in, and some time passed.
  boolean isRecovered(long nowNanos) {
    return storingCount == 0 && nowNanos - recoverNanos >= 0;
  }

  /// Grants credit if that is worth a message, or if the client was told to wait for it.
  void grantIfDue() {
    credit.resize(context.budget().shareBytes());
    if (isCreditOwed || credit.isGrantDue()) {
      isCreditOwed = false;
      dev.weir.proto.Credit.Builder grant =
          dev.weir.proto.Credit.newBuilder().setLimitBytes(credit.grant());
      out.send(Response.newBuilder().setCredit(grant), FrameCodec.VERSION);
    }
  }

  /// Sends every ack that is due.
  void sendAcks() {
    for (ReceiverLane lane : lanes.values()) {
      lane.takeAcks(ack -> out.send(Response.newBuilder().setLaneAck(ack), FrameCodec.VERSION));
    }
  }

  /// Whether everything that was taken is durable.
  boolean isSettled() {
    for (ReceiverLane lane : lanes.values()) {
      if (!lane.dedup().isSettled()) {
        return false;
      }
    }
    return true;
  }

  boolean isHigh() {
    return credit.isHigh() || queuedCount() >= MAX_FRAMES / 4 * 3;
  }

  boolean isLow() {
    return credit.isLow() && queuedCount() <= MAX_FRAMES / 2;
  }

  private int queuedCount() {
    return storingCount + held.size();
  }

  /// Whether the client sent so much nonsense in a row that talking on is pointless.
  boolean isHopeless() {
    return invalidInARow >= MAX_INVALID_IN_A_ROW;
  }

  long receivedFrames() {
    return receivedFrames;
  }

  long storedFrames() {
    return storedFrames;
  }

  /// The session is over. What the store has is still stored; what is held was never acked and
  /// comes again.
  void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    for (PendingFrame frame : held) {
      context.budget().onReleased(frame.weight);
    }
    held.clear();
    if (hasJoined) {
      context.budget().leave();
    }
  }
}
