package dev.weir.wire;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gives a client its leases, and admits its calls by them ([WireLease]).
///
/// ```
///  client                                    server
///    │ ◀────────── HELLO_ACK, LEASE 100, 2 s ──│
///    │ ── calls 1 … 100 ──────────────────────▶│  admitted; the first of them starts the period
///    │    101 waits at the client              │
///    │ ◀───────────────────── LEASE 200, 2 s ──│  the period is over
/// ```
///
/// Limits are absolute, as those of credit: what is still under way when a lease is given counts
/// against it. A client that knows no leases is told of none, and what it begins beyond them is
/// refused, unprocessed; of one that does, nothing ever is. While the process holds too much
/// ([MemoryBudget]) no lease is given.
///
/// Owned by the connection's event loop.
final class ReceiveLease implements Runnable {
  private final WireConnection connection;
  private final WireLease lease;
  private final WireStatus refusal;
  private boolean isTold;
  private boolean isDue;
  private boolean isPeriodOver;
  private long calls;
  private long limit;
  private @Nullable Future<?> timer;

  ReceiveLease(WireConnection connection, WireLease lease) {
    this.connection = connection;
    this.lease = lease;
    this.limit = lease.calls();
    this.refusal =
        WireStatus.unprocessed(
            StatusCode.UNAVAILABLE,
            "More calls began than "
                + lease.calls()
                + " in "
                + lease.period().toMillis()
                + " ms: try again later.");
  }

  /// Both ends have said hello.
  ///
  /// @param knowsLeases whether the client waits for leases by itself
  void start(boolean knowsLeases) {
    isTold = knowsLeases;
    tell();
    connection.turn().flushSoon();
  }

  private void tell() {
    connection.context().counters().onLease();
    if (isTold) {
      connection.outbound().writer().lease(limit, lease.ttl().toMillis());
    }
  }

  /// A frame of a call came, whatever becomes of it: the lease is being used.
  void onCallFrame(FrameView frame) {
    if (!frame.hasMore()) {
      calls++;
    }
    if (!isDue) {
      isDue = true;
      timer = connection.loop().schedule(this, lease.period().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// Whether a call may begin with this frame, which was counted; else it is to be refused, see
  /// [#refusal].
  boolean admits(FrameView first) {
    long before = first.hasMore() ? calls : calls - 1;
    if (before < limit) {
      return true;
    }
    connection.context().counters().onLeaseRefusal();
    return false;
  }

  WireStatus refusal() {
    return refusal;
  }

  /// The period is over: the next lease is given at the end of the turn in which the process has
  /// room. A connection that is frozen for want of it has such a turn when there is.
  @Override
  public void run() {
    isPeriodOver = true;
    connection.turn().flushSoon();
  }

  /// A turn is over.
  void onTurn(boolean isFrozen) {
    if (isPeriodOver && !isFrozen) {
      isPeriodOver = false;
      isDue = false;
      limit = calls + lease.calls();
      tell();
    }
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
