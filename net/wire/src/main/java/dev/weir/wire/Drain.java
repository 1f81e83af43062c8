package dev.weir.wire;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How a connection is given up without losing or repeating anything, by either end.
///
/// ```
///  draining end                               peer
///    │ ── GOAWAY MORE, DEADLINE grace ─────────▶│  opens another connection first
///    │ ◀──────────── OPEN 7, calls, as before ──│
///    │ ── GOAWAY END sid 5, mid 81 ────────────▶│  calls of stream 5 above 81: unprocessed
///    │ ── GOAWAY END sid 0, mid 7 ─────────────▶│  streams above 7: unprocessed
///    │ ◀──────────────── END 5, END 7 ──────────│
///    │ ── GOAWAY ──────────────────────────────▶│  over: nothing is left, or the grace has passed
/// ```
///
/// The second phase begins with the second half of the grace, or after a round trip if no stream is
/// open. What is above its numbers is dropped unread from then on, so that a retry elsewhere cannot
/// do it twice. Messages that are no calls go on for as long as their stream does.
///
/// Owned by the connection's event loop.
final class Drain {
  private enum Phase {
    NONE,
    GRACE,
    LAST
  }

  private final WireConnection connection;
  private final StreamTable streams;
  private Phase phase = Phase.NONE;
  private @Nullable Future<?> timer;
  private long endNanos;
  private boolean isHeardByPeer;
  private int lastAccepted;
  private volatile boolean isPeerDraining;
  private @Nullable WireStatus refusal;
  private int peerAccepted = Integer.MAX_VALUE;

  Drain(WireConnection connection, StreamTable streams) {
    this.connection = connection;
    this.streams = streams;
  }

  /// Begins the first phase; a second call changes nothing.
  void start(Duration grace) {
    if (phase != Phase.NONE || !connection.isOpen()) {
      return;
    }
    phase = Phase.GRACE;
    endNanos = connection.outbound().nowNanos() + grace.toNanos();
    refusal = refusal("This end is draining.");
    schedule(grace.toNanos() / 2, this::last);
    tell(FrameHeader.MORE, 0);
    connection.pings().ask(PingId.DRAIN);
    connection.turn().flushSoon();
  }

  private static WireStatus refusal(String detail) {
    return WireStatus.unprocessed(StatusCode.UNAVAILABLE, detail);
  }

  private void tell(int phaseFlag, int lastSid) {
    FrameWriter writer = connection.outbound().writer();
    long leftNanos = endNanos - connection.outbound().nowNanos();
    ExtFields ext = writer.ext().deadlineMicros(leftNanos / 1_000);
    writer.text(FrameType.GOAWAY, phaseFlag, 0, lastSid, ext, "Draining.");
  }

  /// Before anything is written: a flush that ends the connection stops the timer.
  private void schedule(long nanos, Runnable next) {
    cancel();
    timer = connection.loop().schedule(next, nanos, TimeUnit.NANOSECONDS);
  }

  /// The peer has read what began the drain.
  void onPong() {
    isHeardByPeer = true;
  }

  /// Goes on if nothing is left to wait for; at the end of a turn.
  void check() {
    if (phase == Phase.GRACE && isHeardByPeer && streams.isEmpty()) {
      last();
    }
    if (phase == Phase.LAST && streams.isEmpty()) {
      end();
    }
  }

  private void last() {
    if (phase != Phase.GRACE || !connection.isOpen()) {
      return;
    }
    lastAccepted = streams.highestRemote();
    phase = Phase.LAST;
    schedule(Math.max(0, endNanos - connection.outbound().nowNanos()), this::end);
    for (WireStream stream : streams.snapshot()) {
      if (streams.isRemote(stream.sid())) {
        int mid = stream.receiver().refuseFurtherCalls();
        ControlFrames.lastCall(connection.outbound(), stream.sid(), mid);
      }
    }
    tell(FrameHeader.END, lastAccepted);
    connection.turn().flushSoon();
  }

  private void end() {
    connection.life().closeDrained();
  }

  void cancel() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /// Whether a stream that the peer opens now is above what was named as the last.
  boolean refusesPeer() {
    return phase == Phase.LAST;
  }

  /// The last stream of the peer's that was or may have been served.
  int lastAccepted() {
    return phase == Phase.LAST ? lastAccepted : streams.highestRemote();
  }

  /// Whether either end is draining, so that new work belongs elsewhere. Any thread.
  boolean isDraining() {
    return isPeerDraining || phase != Phase.NONE;
  }

  /// Why this end may open no stream; null when it may.
  @Nullable WireStatus refusal() {
    return refusal;
  }

  /// The peer begins the first phase.
  ///
  /// @return whether that is news
  boolean onPeerDraining() {
    boolean isNews = !isPeerDraining;
    isPeerDraining = true;
    return isNews;
  }

  /// The peer named the last stream that it has accepted.
  void onPeerLast(int lastSid) {
    peerAccepted = lastSid;
    refusal = refusal("The peer is draining.");
    for (WireStream stream : streams.snapshot()) {
      if (isAbove(stream)) {
        WireStatus status = refusal("The peer is draining and did not take this stream.");
        stream.step(StreamMachine.Event.REMOTE_ABORT, status, Metadata.EMPTY);
      }
    }
  }

  /// The connection ends with these words of the peer's.
  void onPeerOver(int lastSid) {
    peerAccepted = Math.min(peerAccepted, lastSid);
  }

  private boolean isAbove(WireStream stream) {
    return !streams.isRemote(stream.sid()) && stream.sid() > peerAccepted;
  }

  /// How a stream ends with its connection: the peer cannot have done anything for one that it has
  /// not accepted.
  WireStatus endOf(WireStream stream, WireStatus status) {
    return isAbove(stream) ? status.asUnprocessed() : status;
  }
}
