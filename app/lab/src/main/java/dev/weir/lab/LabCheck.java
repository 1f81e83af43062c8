package dev.weir.lab;

import dev.weir.base.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/// Whether a lab does what it is told: round trip and rate as two programs at its ends see them,
/// against the setting.
///
/// @param settings what was asked for
/// @param description what the lab is
/// @param rttNanos the middle of [#PINGS] round trips
/// @param bitsPerSecond what came out while a quarter more was offered
public record LabCheck(
    PathSettings settings, String description, long rttNanos, double bitsPerSecond) {
  /// A measured value is good up to 3 % from its setting; of the round trip also up to 0.3 ms,
  /// which is what waking three processes takes.
  public static final double TOLERANCE = 0.03;

  private static final long WAKE_UP_NANOS = 300_000;
  private static final int PINGS = 30;
  private static final Duration STREAM = Duration.ofMillis(1_500);

  /// Opens a lab, measures, closes it: some 5 s, with long round trips more.
  public static LabCheck run(PathSettings settings, Clock clock) throws IOException {
    try (Lab lab = Lab.open(settings, clock, new SplittableRandom(7));
        Probe probe = probe(lab, settings, clock)) {
      long _ = probe.rttNanos(warmUpPings(settings.rtt()));
      long rttNanos = probe.rttNanos(PINGS);
      double bits = probe.bitsPerSecond(settings.bitsPerSecond() * 5 / 4, STREAM);
      return new LabCheck(settings, lab.description(), rttNanos, bits);
    }
  }

  /// What is not compiled yet adds half a millisecond: two seconds of pings, at least as many as
  /// are counted.
  private static int warmUpPings(Duration rtt) {
    return Math.clamp(2_000 / Math.max(1, rtt.toMillis()), PINGS, 200);
  }

  private static Probe probe(Lab lab, PathSettings settings, Clock clock) throws IOException {
    return switch (lab) {
      case TunLab tun -> new UdpProbe(tun, settings.mtu(), clock);
      case RelayLab relay -> new TcpProbe(relay, clock);
    };
  }

  public boolean isGood() {
    double rttError = Math.abs(rttNanos - settings.rtt().toNanos());
    return rttError <= Math.max(WAKE_UP_NANOS, settings.rtt().toNanos() * TOLERANCE)
        && Math.abs(bitsPerSecond / settings.bitsPerSecond() - 1) <= TOLERANCE;
  }

  /// For people.
  @Override
  public String toString() {
    double rttMillis = settings.rtt().toNanos() / 1e6;
    return String.format(
        Locale.ROOT,
        "%s RTT %.2f ms of %.0f ms (%+.1f %%), rate %.1f of %.0f Mbit/s (%+.1f %%), over a %s",
        isGood() ? "good:" : "NOT good:",
        rttNanos / 1e6,
        rttMillis,
        (rttNanos / 1e6 / rttMillis - 1) * 100,
        bitsPerSecond / 1e6,
        settings.bitsPerSecond() / 1e6,
        (bitsPerSecond / settings.bitsPerSecond() - 1) * 100,
        description);
  }
}
