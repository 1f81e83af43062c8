package dev.weir.link;

import dev.weir.flow.AckTimeout;
import dev.weir.flow.ByteWindow;
import dev.weir.flow.LaneLedger;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.SenderEvent;
import dev.weir.message.Durability;
import dev.weir.proto.Hello;
import dev.weir.proto.LaneAck;
import dev.weir.proto.LaneDurable;
import dev.weir.proto.Nack;
import dev.weir.proto.Request;
import dev.weir.proto.Welcome;
import org.jspecify.annotations.Nullable;

/// All lanes of a link before one window: sends what window, credit and transport allow, in the
/// order that [SenderLanes] gives, and judges what the core says about it. Owned by the link's duty
/// thread.
final class Transmitter {
  /// 4 MiB: more than gRPC takes before it reports itself not ready, so that a turn normally ends
  /// for another reason, and few enough milliseconds that acks do not wait.
  private static final int TURN_BYTES = 4 << 20;

  private final SenderLanes lanes;
  private final ByteWindow window;
  private final AckTimeout ackTimeout = new AckTimeout();
  private final LinkCounters counters;
  private final SenderDictionaries dictionaries;
  private int namedCount;
  private boolean hasBacklog;
  private boolean isLimited;

  Transmitter(
      SenderLanes lanes,
      ByteWindow window,
      LinkCounters counters,
      SenderDictionaries dictionaries) {
    this.lanes = lanes;
    this.window = window;
    this.counters = counters;
    this.dictionaries = dictionaries;
  }

  /// Each lane's state for the hello.
  void describe(Hello.Builder hello) {
    for (SenderLane lane : lanes.begin()) {
      hello.addLanes(lane.hello());
    }
    namedCount = hello.getLanesCount();
  }

  /// What a welcome says about the lanes, before anything is changed.
  SenderEvent judge(Welcome welcome) {
    SenderEvent verdict = SenderEvent.WELCOME;
    int known = 0;
    for (LaneDurable durable : welcome.getLanesList()) {
      SenderLane lane = lanes.get(durable.getLane());
      if (lane != null) {
        known++;
        SenderEvent judged = lane.judge(durable);
        verdict = graver(verdict, judged);
      }
    }
    if (known != namedCount) {
      return SenderEvent.ANSWER_IMPOSSIBLE; // It leaves lanes out.
    }
    return verdict;
  }

  /// A lane that convicts weighs more than one that cannot be compared now.
  private static SenderEvent graver(SenderEvent verdict, SenderEvent judged) {
    boolean isOpen = verdict == SenderEvent.WELCOME || verdict == SenderEvent.SPOOL_UNREADABLE;
    return isOpen && judged != SenderEvent.WELCOME ? judged : verdict;
  }

  /// Begins a session where the core stands.
  void resume(Welcome welcome, Durability durability) {
    window.onSession(welcome.getCreditLimitBytes());
    dictionaries.resume(welcome);
    for (LaneDurable durable : welcome.getLanesList()) {
      SenderLane lane = lanes.get(durable.getLane());
      if (lane != null) {
        counters.refusedFrames += lane.refuse(durable);
        counters.skippedFrames += lane.resume(durable.getDurableSequence(), durability);
      }
    }
  }

  /// Sends what may be sent now.
  void pump(LinkSession session, long nowNanos) {
    lanes.sync();
    hasBacklog = false;
    isLimited = false;
    long rate = window.figures().bytesPerSecond();
    int turnBytes = 0;
    SenderLane lane = next(session, rate);
    while (lane != null) {
      LaneFrame frame = dictionaries.fit(lane.next());
      if (frame == null) {
        return;
      }
      int weight = SenderLane.weight(frame, session.maxFrameBytes());
      isLimited = !admits(session, lane, weight, nowNanos);
      if (isLimited || turnBytes > TURN_BYTES) {
        hasBacklog = true;
        if (!isLimited) {
          window.onLimited(nowNanos, LimitedBy.CPU);
        }
        return;
      }
      send(session, lane, frame, weight, nowNanos);
      turnBytes += weight;
      lane = next(session, rate);
    }
    // What is late may have to wait for acks. That is no limit to what is fresh: it goes at once.
    hasBacklog = lanes.isHeld();
    window.onLimited(nowNanos, lanes.isHeld() ? LimitedBy.WINDOW : LimitedBy.SPOOL);
  }

  private @Nullable SenderLane next(LinkSession session, long rate) {
    return lanes.next(session.maxFrameBytes(), window.windowBytes(), rate);
  }

  private boolean admits(LinkSession session, SenderLane lane, int weight, long nowNanos) {
    if (!session.connection().isReady()) {
      window.onLimited(nowNanos, LimitedBy.TRANSPORT);
      return false;
    }
    if (!lane.ledger().hasRoom()) {
      window.onLimited(nowNanos, LimitedBy.WINDOW);
      return false;
    }
    return window.admits(nowNanos, weight);
  }

  private void send(
      LinkSession session, SenderLane lane, LaneFrame frame, int weight, long nowNanos) {
    dictionaries.name(session, frame);
    Request request = lane.encode(frame, session.maxFrameBytes());
    session.sendFrame(request);
    window.onSent(nowNanos, weight);
    counters.onSent(weight, lane.onSent(weight, nowNanos));
    lanes.onSent(lane, weight);
  }

  /// Judges an ack; on progress window and ledger have taken it and [#settle] tells the source.
  LaneLedger.Answer judge(LaneAck ack, long nowNanos) {
    SenderLane lane = lanes.get(ack.getLane());
    if (lane == null) {
      return LaneLedger.Answer.IMPOSSIBLE;
    }
    LaneLedger ledger = lane.ledger();
    long before = ledger.acked();
    LaneLedger.Answer answer = ledger.onAck(ack.getDurableSequence());
    if (answer == LaneLedger.Answer.PROGRESS) {
      long commitMicros = Integer.toUnsignedLong(ack.getCommitMicros());
      long queueMicros = Integer.toUnsignedLong(ack.getQueueMicros());
      long rttNanos = Math.max(0, nowNanos - ledger.settledSentNanos());
      window.onAck(nowNanos, ledger.settledBytes(), rttNanos, commitMicros, queueMicros);
      ackTimeout.onAck(rttNanos, commitMicros, queueMicros);
      lanes.onAck(rttNanos);
      counters.ackedFrames += ledger.acked() - before;
      counters.ackedBytes += ledger.settledBytes();
      counters.commitMicros = commitMicros;
    }
    return answer;
  }

  void settle(LaneAck ack, Durability durability) {
    SenderLane lane = lanes.get(ack.getLane());
    if (lane != null) {
      lane.settle(ack, durability);
    }
  }

  /// Judges a refusal; it changes nothing but the count.
  LaneLedger.Answer judgeRefusal(Nack nack) {
    SenderLane lane = lanes.get(nack.getLane());
    return lane == null
        ? LaneLedger.Answer.IMPOSSIBLE
        : lane.ledger().onRefused(nack.getSequence());
  }

  /// The lane's source, for telling it what was refused.
  @Nullable LaneSource source(int lane) {
    SenderLane known = lanes.get(lane);
    return known == null ? null : known.source();
  }

  /// Judges a nack that asks for frames again; on progress they count as unsent.
  ///
  /// @param isRoomWanted whether the core wants nothing before it grants fresh credit
  LaneLedger.Answer rewind(Nack nack, boolean isRoomWanted) {
    SenderLane lane = lanes.get(nack.getLane());
    if (lane == null) {
      return LaneLedger.Answer.IMPOSSIBLE;
    }
    LaneLedger.Answer answer = lane.ledger().onNack(nack.getSequence());
    if (answer == LaneLedger.Answer.PROGRESS) {
      window.onTakenBack(lane.ledger().takenBackBytes());
      hasBacklog = true;
      isLimited = true;
      if (isRoomWanted) {
        window.dropCredit();
      }
    }
    return answer;
  }

  /// The core does not know the dictionary of the frame that its nack took back.
  ///
  /// @return false when that frame needs none
  boolean onUnknownDictionary(LinkSession session, Nack nack) {
    SenderLane lane = lanes.get(nack.getLane());
    return lane != null && dictionaries.onUnknown(session, lane.next());
  }

  SenderDictionaries dictionaries() {
    return dictionaries;
  }

  /// The connection is gone.
  void forgetInFlight() {
    window.onSessionEnd();
    lanes.all().forEach(SenderLane::forgetInFlight);
  }

  ByteWindow window() {
    return window;
  }

  AckTimeout ackTimeout() {
    return ackTimeout;
  }

  long inFlightFrames() {
    long frames = 0;
    for (SenderLane lane : lanes.all()) {
      frames += lane.ledger().inFlightCount();
    }
    return frames;
  }

  /// When the oldest frame in flight was sent; [Long#MAX_VALUE] when nothing is.
  long oldestSentNanos() {
    long oldest = Long.MAX_VALUE;
    for (SenderLane lane : lanes.all()) {
      if (lane.ledger().inFlightCount() > 0) {
        oldest = Math.min(oldest, lane.ledger().oldestSentNanos());
      }
    }
    return oldest;
  }

  /// Whether frames waited when the last pump ended.
  boolean hasBacklog() {
    return hasBacklog;
  }

  /// Whether window, credit or transport ended it.
  boolean isLimited() {
    return isLimited;
  }

  /// Whether only frames that are late waited, for acks of others like them.
  boolean isHeld() {
    return hasBacklog && lanes.isHeld();
  }

  /// Whether everything that the sources have is acked.
  boolean isSettled() {
    lanes.sync();
    for (SenderLane lane : lanes.all()) {
      if (!lane.isSettled()) {
        return false;
      }
    }
    return true;
  }
}
