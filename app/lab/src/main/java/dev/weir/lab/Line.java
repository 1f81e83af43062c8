package dev.weir.lab;

import java.util.random.RandomGenerator;

/// The model of one direction: for each packet that arrives, when it comes out at the other end, or
/// that it never does. Pure: no clock, no I/O.
///
/// A packet waits until those before it have passed the narrowest place (a virtual clock of
/// departures, after Zhang's virtual clock, 1990), takes its length over the rate to pass, and then
/// travels for the delay. The departures may lag behind the present by [#BURST_NANOS]: the thread
/// that asks is woken late now and then, and what the line would have passed meanwhile is made up
/// for. Packets come out in order, except those that are held back on purpose.
///
/// One thread owns it.
final class Line {
  /// The packet does not come out.
  static final long DROPPED = -1;

  /// 2 ms: longer than a wake-up takes on a loaded machine, shorter than any round trip measured.
  static final long BURST_NANOS = 2_000_000;

  private final RandomGenerator random;
  private LineSettings settings;
  private long departureNanos;
  private long releaseNanos;
  private boolean hasStarted;

  Line(LineSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /// Holds for every packet that arrives from now on.
  void change(LineSettings newSettings) {
    settings = newSettings;
  }

  /// When a packet of this length that arrives now comes out, on the same clock; or [#DROPPED].
  long schedule(int lengthBytes, long nowNanos) {
    if (settings.isStalled() || (settings.loss() > 0 && random.nextDouble() < settings.loss())) {
      return DROPPED;
    }
    long departs = depart(lengthBytes, nowNanos);
    if (departs == DROPPED) {
      return DROPPED;
    }
    long comesOut = Math.max(departs, nowNanos) + settings.delay().toNanos();
    if (settings.reorder() > 0 && random.nextDouble() < settings.reorder()) {
      return comesOut + settings.holdBack().toNanos();
    }
    releaseNanos = hasStarted ? Math.max(releaseNanos, comesOut) : comesOut;
    hasStarted = true;
    return releaseNanos;
  }

  private long depart(int lengthBytes, long nowNanos) {
    if (settings.bitsPerSecond() == 0) {
      return nowNanos;
    }
    long startsNanos =
        hasStarted ? Math.max(departureNanos, nowNanos - BURST_NANOS) : nowNanos - BURST_NANOS;
    double waitingBytes = Math.max(0, startsNanos - nowNanos) * (settings.bitsPerSecond() / 8e9);
    if (waitingBytes + lengthBytes > settings.queueBytes()) {
      return DROPPED;
    }
    departureNanos = startsNanos + (long) (lengthBytes * 8e9 / settings.bitsPerSecond());
    return departureNanos;
  }
}
