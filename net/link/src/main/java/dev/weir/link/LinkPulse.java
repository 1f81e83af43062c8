package dev.weir.link;

import dev.weir.flow.ByteWindow;
import dev.weir.flow.LimitShares;
import dev.weir.flow.PathFigures;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Once a second: how much was acked, what held the link back, and a line of both in the log at
/// debug. Owned by the link's duty thread.
final class LinkPulse {
  private static final Logger LOG = LoggerFactory.getLogger(LinkPulse.class);
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final String agent;
  private final ByteWindow window;
  private final LinkCounters counters;
  private long sinceNanos;
  private long sinceBytes;
  private long ackedBytesPerSecond;
  private LimitShares limits = LimitShares.NONE;

  LinkPulse(String agent, ByteWindow window, LinkCounters counters, long nowNanos) {
    this.agent = agent;
    this.window = window;
    this.counters = counters;
    this.sinceNanos = nowNanos;
  }

  /// Called in each turn of the duty thread.
  ///
  /// @return whether a second was over
  boolean onTurn(long nowNanos) {
    long elapsedNanos = nowNanos - sinceNanos;
    if (elapsedNanos < SECOND_NANOS) {
      return false;
    }
    ackedBytesPerSecond = (long) ((counters.ackedBytes - sinceBytes) * 1e9 / elapsedNanos);
    limits = window.takeLimits(nowNanos);
    sinceNanos = nowNanos;
    sinceBytes = counters.ackedBytes;
    if (LOG.isDebugEnabled()) {
      LOG.debug(line());
    }
    return true;
  }

  /// How long until the second is over, 0 or less when it is.
  long dueNanos(long nowNanos) {
    return sinceNanos + SECOND_NANOS - nowNanos;
  }

  private String line() {
    PathFigures path = window.figures();
    return String.format(
        Locale.ROOT,
        "link %s: window %.2f MB, in flight %.2f MB, acked %.2f MB/s of %.2f MB/s, min rtt %.1f ms,"
            + " commit %.1f ms, queue %.1f ms, held by window %.0f %%, credit %.0f %%, transport"
            + " %.0f %%, spool %.0f %%, cpu %.0f %%",
        agent,
        window.windowBytes() / 1e6,
        window.inFlightBytes() / 1e6,
        ackedBytesPerSecond / 1e6,
        path.bytesPerSecond() / 1e6,
        path.minRttMicros() / 1e3,
        path.commitMicros() / 1e3,
        path.queueMicros() / 1e3,
        limits.window() * 100,
        limits.credit() * 100,
        limits.transport() * 100,
        limits.spool() * 100,
        limits.cpu() * 100);
  }

  /// Over the last full second.
  long ackedBytesPerSecond() {
    return ackedBytesPerSecond;
  }

  /// Over the last full second.
  LimitShares limits() {
    return limits;
  }
}
