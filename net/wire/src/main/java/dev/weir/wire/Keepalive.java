package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks a silent peer whether it lives, and takes one that stays silent for dead: a PING after one
/// interval without a byte, the end after three.
///
/// Owned by the connection's event loop.
final class Keepalive implements Runnable {
  private static final int DEAD_AFTER_INTERVALS = 3;

  private final WireConnection connection;
  private final long intervalMillis;
  private @Nullable Future<?> ticks;
  private boolean isHeard;
  private int silentIntervals;
  private long pings;

  Keepalive(WireConnection connection, long intervalMillis) {
    this.connection = connection;
    this.intervalMillis = intervalMillis;
  }

  void start() {
    ticks =
        connection
            .loop()
            .scheduleAtFixedRate(this, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
  }

  void stop() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }

  /// Something came.
  void onHeard() {
    isHeard = true;
  }

  /// An interval is over.
  @Override
  public void run() {
    if (isHeard) {
      isHeard = false;
      silentIntervals = 0;
      return;
    }
    silentIntervals++;
    if (silentIntervals >= DEAD_AFTER_INTERVALS) {
      connection.lost(
          new WeirException(
              ErrorCode.CONNECTION_LOST,
              "Nothing came for " + silentIntervals * intervalMillis + " ms."));
      return;
    }
    connection.outbound().writer().number(FrameType.PING, 0, 0, ++pings);
    connection.outbound().writer().flush();
    connection.outbound().writer().release();
  }
}
