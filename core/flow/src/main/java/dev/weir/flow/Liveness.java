package dev.weir.flow;

import dev.weir.base.Checks;

/// Whether a connection still works, in each direction: [LivenessMachine] and [ProgressMachine]
/// with their numbers.
///
/// Problem: a path can die without a word, and it can die in one direction only, so that each side
/// still hears or still believes it is heard. Idea: both sides send heartbeats that carry how many
/// bytes they received; hearing nothing convicts the path towards us, a count that stands still
/// convicts the path away from us. Both verdicts end the connection; what was in flight is sent
/// again on the next one.
///
/// The counts must be of bytes as they arrive, parts of a frame included: a count of whole frames
/// stands still while one large frame crosses a slow link. Heartbeats that pile up behind a pause
/// and arrive together count once.
///
/// Owned by the thread that owns the connection; made anew for each one; allocates nothing.
public final class Liveness {
  /// 5 s: a dead path is found within 20 s, for 20 bytes every 5 s.
  public static final long HEARTBEAT_NANOS = 5_000_000_000L;

  /// What a heartbeat of the peer showed.
  public enum Verdict {
    /// What is sent arrives, or nothing is under way.
    MOVING,
    /// No progress for now; the next heartbeat decides.
    SUSPECT,
    /// What is sent does not arrive: end the connection.
    STALLED,
    /// The count fell, or is beyond what was sent: a protocol error.
    IMPOSSIBLE
  }

  private final long heartbeatNanos;
  private final Machine<LivenessMachine.State, LivenessMachine.Event, LivenessMachine.Action>
      liveness;
  private final Machine<ProgressMachine.State, ProgressMachine.Event, ProgressMachine.Action>
      progress;
  private long peerReceivedBytes;
  private long judgedNanos;

  /// @param heartbeatNanos between two beats, 1 or more
  /// @param nowNanos when the connection came up
  public Liveness(
      long heartbeatNanos,
      long nowNanos,
      CellCounters<LivenessMachine.State, LivenessMachine.Event, LivenessMachine.Action>
          livenessCounters,
      CellCounters<ProgressMachine.State, ProgressMachine.Event, ProgressMachine.Action>
          progressCounters) {
    this.heartbeatNanos = Checks.range("heartbeatNanos", heartbeatNanos, 1, Long.MAX_VALUE);
    this.judgedNanos = nowNanos;
    this.liveness =
        new Machine<>(LivenessMachine.TABLE, livenessCounters, LivenessMachine.State.HEARD);
    this.progress =
        new Machine<>(ProgressMachine.TABLE, progressCounters, ProgressMachine.State.MOVING);
  }

  /// Something came from the peer, of whatever kind.
  public void onReceived() {
    liveness.on(LivenessMachine.Event.RECEIVED);
  }

  /// A heartbeat interval is over. Unless the peer is dead, the owner sends a heartbeat.
  ///
  /// @return whether the peer was just found dead
  public boolean onBeat() {
    return liveness.on(LivenessMachine.Event.BEAT) == LivenessMachine.Action.DECLARE_DEAD;
  }

  /// A heartbeat of the peer came. It also counts as [#onReceived].
  ///
  /// @param sentBytes what this side has sent on the connection
  /// @param receivedBytes what the peer says it has received of that
  public Verdict onPeerHeartbeat(long nowNanos, long sentBytes, long receivedBytes) {
    onReceived();
    if (receivedBytes < peerReceivedBytes || receivedBytes > sentBytes) {
      return Verdict.IMPOSSIBLE;
    }
    ProgressMachine.Event event = judge(sentBytes, receivedBytes);
    peerReceivedBytes = receivedBytes;
    boolean isTooSoon = nowNanos - judgedNanos < heartbeatNanos / 2;
    if (event != ProgressMachine.Event.STUCK || !isTooSoon) {
      judgedNanos = nowNanos;
      progress.on(event);
    }
    return switch (progress.state()) {
      case MOVING -> Verdict.MOVING;
      case SUSPECT -> Verdict.SUSPECT;
      case STALLED -> Verdict.STALLED;
    };
  }

  private ProgressMachine.Event judge(long sentBytes, long receivedBytes) {
    if (receivedBytes == sentBytes) {
      return ProgressMachine.Event.NOTHING_DUE;
    }
    return receivedBytes > peerReceivedBytes
        ? ProgressMachine.Event.MOVED
        : ProgressMachine.Event.STUCK;
  }

  /// Whether nothing came for three whole intervals.
  public boolean isDead() {
    return liveness.state() == LivenessMachine.State.DEAD;
  }
}
