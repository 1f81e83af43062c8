package dev.weir.flow;

import dev.weir.base.Checks;

/// A window that follows the path.
///
/// Problem: a fixed window starves long paths and only queues on short ones; and a controller that
/// watches round trips alone takes the jitter of the core's commits for congestion and starves
/// every path to a disk. Idea: the core tells what it spent on commit and waiting, so the network's
/// own round trip and the commit can be told apart, and
///
///     window = gain * delivery rate * (min network round trip + time at the core) + reserve
///
/// which is what the path holds, a little more ([GainCycle]), and a reserve that lets a rate be
/// measured at all. TCP below keeps doing congestion control: this bounds queues, memory and what
/// is sent again after a lost connection. The receiver's credit bounds it in turn, see
/// [ByteWindow].
///
/// Invariants: the limit stays in `[least, most]` except for the one round in ten seconds in which
/// the empty path is measured; it moves with acks only; a new session begins anew, as the path may
/// be another.
///
/// Source: BBR (draft-cardwell-iccrg-bbr-congestion-control), with the commit taken out of the
/// round trip and put into what the path holds. Compared in quality/sim with what others do.
///
/// Owned by the thread that owns the link; allocates nothing per frame or ack.
public final class AdaptiveWindow implements Window {
  /// 128 KiB: what keeps a path busy on which a commit or a round trip is over before it is
  /// noticed.
  public static final long MIN_BYTES = 128 << 10;

  /// 32 MiB: 4 Gbit/s at 64 ms, and what a site's memory can lend to one link.
  public static final long DEFAULT_MAX_BYTES = 32L << 20;

  /// 2.5 ms: what threads on both sides take to wake up. Over loopback, where the round trip is
  /// shorter than that, the rate is 40 % higher with it.
  private static final double WAKE_UP_SECONDS = 0.0025;

  /// Two frames: one on the way while the other one is acked.
  private static final int RESERVE_FRAMES = 2;

  private final long maxBytes;
  private final PathModel path = new PathModel();
  private final GainCycle gain;
  private long limitBytes;
  private long largestFrameBytes;
  private long roundFrameBytes;

  /// @param maxBytes what may be in flight at most, 64 KiB or more; below [#MIN_BYTES] the window
  ///   stays there
  /// @param counters of the table, [FlowCounters#windowGain]
  public AdaptiveWindow(
      long maxBytes,
      CellCounters<GainMachine.State, GainMachine.Event, GainMachine.Action> counters) {
    this.maxBytes = Checks.range("maxBytes", maxBytes, 64 << 10, Long.MAX_VALUE / 4);
    this.gain = new GainCycle(counters);
    this.limitBytes = Math.min(MIN_BYTES, maxBytes);
  }

  @Override
  public void onSent(long nowNanos, long bytes) {
    path.onSent(nowNanos, bytes);
    roundFrameBytes = Math.max(roundFrameBytes, bytes);
  }

  @Override
  public void onAck(long nowNanos, long bytes, long rttNanos, long commitMicros, long queueMicros) {
    path.onAck(nowNanos, bytes, rttNanos, commitMicros, queueMicros);
    if (path.sampler().isRoundOver()) {
      onRound(nowNanos);
    }
    limitBytes = limit();
  }

  private void onRound(long nowNanos) {
    largestFrameBytes = Math.max(roundFrameBytes, largestFrameBytes / 2);
    roundFrameBytes = 0;
    if (gain.isMeasuring()) {
      gain.onRttMeasured(path.minRtt().endMeasuring(nowNanos), path.bytesPerSecond());
    } else if (path.minRtt().isOld(nowNanos)) {
      gain.onRttOld();
      path.minRtt().beginMeasuring();
    } else {
      gain.onRound(path.bytesPerSecond(), path.sampler().isOwnPace());
    }
  }

  private long limit() {
    double rate = gain.factor() * path.bytesPerSecond() / 1e9;
    if (gain.isMeasuring()) {
      return Math.clamp((long) (rate * path.minRtt().nanos()), 1, maxBytes);
    }
    return Math.min((long) (rate * path.holdNanos()) + reserveBytes(), maxBytes);
  }

  private long reserveBytes() {
    long wakeUpBytes = (long) (path.bytesPerSecond() * WAKE_UP_SECONDS);
    return Math.max(MIN_BYTES, Math.max(wakeUpBytes, RESERVE_FRAMES * largestFrameBytes));
  }

  @Override
  public void onLimited(long nowNanos, LimitedBy reason) {
    path.onLimited(reason);
  }

  @Override
  public void onSession() {
    path.reset();
    gain.reset();
    limitBytes = Math.min(MIN_BYTES, maxBytes);
  }

  @Override
  public void onTakenBack(long bytes) {
    path.onTakenBack(bytes);
  }

  @Override
  public long limitBytes() {
    return limitBytes;
  }

  @Override
  public PathFigures figures() {
    return path.figures();
  }
}
