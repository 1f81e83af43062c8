package dev.weir.bench.ship;

import java.util.Locale;
import java.util.Optional;

/// What a program did in a run beside the modes.
///
/// @param load time, bytes, acks where its protocol has them (else 0), CPU of the near process
/// @param wireBytes bytes that came out of the path towards the far side
/// @param farCpuSeconds of the far process
/// @param audit what the far side holds; empty before it was read back
record PeerOutcome(
    LoadFigures load, long wireBytes, double farCpuSeconds, Optional<ShipAudit.Verdict> audit) {
  PeerOutcome readBack(ShipAudit.Verdict found) {
    return new PeerOutcome(load, wireBytes, farCpuSeconds, Optional.of(found));
  }

  double megabitsPerSecond() {
    return load.bytes() * 8 / load.seconds() / 1e6;
  }

  double nearCpuPerGigabyte() {
    return load.cpuSeconds() / load.bytes() * 1e9;
  }

  double farCpuPerGigabyte() {
    return farCpuSeconds / load.bytes() * 1e9;
  }

  /// For people, on one line.
  String words() {
    return String.format(
        Locale.ROOT,
        "%.0f Mbit/s, CPU %.1f s/GB near and %.1f s/GB far, %s",
        megabitsPerSecond(),
        nearCpuPerGigabyte(),
        farCpuPerGigabyte(),
        audit.map(PeerOutcome::words).orElse("not read back"));
  }

  private static String words(ShipAudit.Verdict audit) {
    return String.format(
        Locale.ROOT,
        "%,d messages read back: %,d lost, %,d duplicated, %,d damaged",
        audit.stored(),
        audit.lost(),
        audit.duplicated(),
        audit.damaged());
  }
}
