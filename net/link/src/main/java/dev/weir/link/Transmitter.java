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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All lanes of a link before one window: sends what window, credit and transport allow, one frame
/// a lane in turn, and judges what the core says about it. Owned by the link's duty thread.
final class Transmitter {
  /// 4 MiB: more than gRPC takes before it reports itself not ready, so that a turn normally ends
  /// for another reason, and few enough milliseconds that acks do not wait.
  private static final int TURN_BYTES = 4 << 20;

  private final List<SenderLane> lanes = new ArrayList<>();
  private final Map<Integer, SenderLane> lanesByNumber = new HashMap<>();
  private final ByteWindow window;
  private final AckTimeout ackTimeout = new AckTimeout();
  private final LinkCounters counters;
  private final SenderDictionaries dictionaries;
  private int turn;
  private boolean hasBacklog;
  private boolean isLimited;

  Transmitter(
      List<LaneSource> sources,
      ByteWindow window,
      LinkCounters counters,
      SenderDictionaries dictionaries) {
    this.window = window;
    this.counters = counters;
    this.dictionaries = dictionaries;
    for (LaneSource source : sources) {
      SenderLane lane = new SenderLane(source);
      lanes.add(lane);
      if (lanesByNumber.put(source.lane(), lane) != null) {
        throw new IllegalArgumentException("lane " + source.lane() + " has two sources");
      }
    }
  }

  /// Each lane's state for the hello.
  void describe(Hello.Builder hello) {
    for (SenderLane lane : lanes) {
      hello.addLanes(lane.hello());
    }
  }

  /// What a welcome says about the lanes, before anything is changed.
  SenderEvent judge(Welcome welcome) {
    SenderEvent verdict = SenderEvent.WELCOME;
    int known = 0;
    for (LaneDurable durable : welcome.getLanesList()) {
      SenderLane lane = lanesByNumber.get(durable.getLane());
      if (lane != null) {
        known++;
        SenderEvent judged = lane.judge(durable);
        verdict = judged == SenderEvent.WELCOME ? verdict : judged;
      }
    }
    if (known != lanes.size()) {
      return SenderEvent.ANSWER_IMPOSSIBLE; // It leaves lanes out.
    }
    return verdict;
  }

  /// Begins a session where the core stands.
  void resume(Welcome welcome, Durability durability) {
    window.onSession(welcome.getCreditLimitBytes());
    dictionaries.resume(welcome);
    for (LaneDurable durable : welcome.getLanesList()) {
      SenderLane lane = lanesByNumber.get(durable.getLane());
      if (lane != null) {
        counters.refusedFrames += lane.refuse(durable);
        counters.skippedFrames += lane.resume(durable.getDurableSequence(), durability);
      }
    }
  }

  /// Sends what may be sent now.
  void pump(LinkSession session, long nowNanos) {
    hasBacklog = false;
    isLimited = false;
    int turnBytes = 0;
    int idleLanes = 0;
    while (idleLanes < lanes.size()) {
      SenderLane lane = lanes.get(turn);
      LaneFrame frame = dictionaries.fit(lane.next());
      if (frame == null) {
        idleLanes++;
      } else {
        int weight = SenderLane.weight(frame, session.maxFrameBytes());
        hasBacklog = true;
        isLimited = !admits(session, lane, weight, nowNanos);
        if (isLimited) {
          return;
        }
        if (turnBytes > TURN_BYTES) {
          window.onLimited(nowNanos, LimitedBy.CPU);
          return;
        }
        send(session, lane, frame, weight, nowNanos);
        turnBytes += weight;
        hasBacklog = false;
        idleLanes = 0;
      }
      turn = (turn + 1) % lanes.size();
    }
    window.onLimited(nowNanos, LimitedBy.SPOOL);
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
  }

  /// Judges an ack; on progress window and ledger have taken it and [#settle] tells the source.
  LaneLedger.Answer judge(LaneAck ack, long nowNanos) {
    SenderLane lane = lanesByNumber.get(ack.getLane());
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
      counters.ackedFrames += ledger.acked() - before;
      counters.ackedBytes += ledger.settledBytes();
      counters.commitMicros = commitMicros;
    }
    return answer;
  }

  void settle(LaneAck ack, Durability durability) {
    SenderLane lane = lanesByNumber.get(ack.getLane());
    if (lane != null) {
      lane.settle(ack, durability);
    }
  }

  /// Judges a refusal; it changes nothing but the count.
  LaneLedger.Answer judgeRefusal(Nack nack) {
    SenderLane lane = lanesByNumber.get(nack.getLane());
    return lane == null
        ? LaneLedger.Answer.IMPOSSIBLE
        : lane.ledger().onRefused(nack.getSequence());
  }

  /// The lane's source, for telling it what was refused.
  @Nullable LaneSource source(int lane) {
    SenderLane known = lanesByNumber.get(lane);
    return known == null ? null : known.source();
  }

  /// Judges a nack that asks for frames again; on progress they count as unsent.
  ///
  /// @param isRoomWanted whether the core wants nothing before it grants fresh credit
  LaneLedger.Answer rewind(Nack nack, boolean isRoomWanted) {
    SenderLane lane = lanesByNumber.get(nack.getLane());
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
    SenderLane lane = lanesByNumber.get(nack.getLane());
    return lane != null && dictionaries.onUnknown(session, lane.next());
  }

  SenderDictionaries dictionaries() {
    return dictionaries;
  }

  /// The connection is gone.
  void forgetInFlight() {
    window.onSessionEnd();
    lanes.forEach(SenderLane::forgetInFlight);
  }

  ByteWindow window() {
    return window;
  }

  AckTimeout ackTimeout() {
    return ackTimeout;
  }

  long inFlightFrames() {
    long frames = 0;
    for (SenderLane lane : lanes) {
      frames += lane.ledger().inFlightCount();
    }
    return frames;
  }

  /// When the oldest frame in flight was sent; [Long#MAX_VALUE] when nothing is.
  long oldestSentNanos() {
    long oldest = Long.MAX_VALUE;
    for (SenderLane lane : lanes) {
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

  /// Whether everything that the sources have is acked.
  boolean isSettled() {
    for (SenderLane lane : lanes) {
      if (!lane.isSettled()) {
        return false;
      }
    }
    return true;
  }
}
