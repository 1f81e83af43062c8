package dev.weir.bench.ship;

import dev.weir.bench.BenchRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a program reached in a world, without the extra commit time that the world may have.
///
/// @param data what it shipped
record PeerRow(ShipProfile profile, Peer peer, String data, PeerOutcome outcome) {
  static final List<String> HEAD =
      List.of(
          "PROFILE",
          "PROGRAM",
          "DATA",
          "FSYNC",
          "MBIT/S",
          "ACK P50",
          "ACK P99",
          "LINK",
          "NEAR CPU",
          "FAR CPU",
          "LOST",
          "DUPL");

  /// How many of its columns hold words.
  static final int WORDS = 4;

  double bitsPerSecond() {
    return outcome.load().bytes() * 8 / outcome.load().seconds();
  }

  private double nearCpuPerGigabyte() {
    return outcome.load().cpuSeconds() / outcome.load().bytes() * 1e9;
  }

  private double farCpuPerGigabyte() {
    return outcome.farCpuSeconds() / outcome.load().bytes() * 1e9;
  }

  private double utilisation() {
    double rate = Math.max(1, profile.bitsPerSecond());
    return outcome.wireBytes() * 8 / outcome.load().seconds() / rate;
  }

  /// Whether everything that must be there is there once and as sent, as far as that is known.
  boolean isClean() {
    return outcome.audit().map(ShipAudit.Verdict::isClean).orElse(true);
  }

  /// The row of `weir.bench/v1`; a figure that is not known is left out.
  BenchRow row() {
    Map<String, Double> extra = new LinkedHashMap<>();
    extra.put("seconds", outcome.load().seconds());
    extra.put("appMbitPerSecond", bitsPerSecond() / 1e6);
    if (peer.hasAckTimes()) {
      extra.put("ackP50Ms", outcome.load().ackP50Ms());
      extra.put("ackP99Ms", outcome.load().ackP99Ms());
    }
    extra.put("wireBytes", (double) outcome.wireBytes());
    extra.put("utilisation", utilisation());
    extra.put("edgeCpuSecondsPerGB", nearCpuPerGigabyte());
    extra.put("coreCpuSecondsPerGB", farCpuPerGigabyte());
    outcome
        .audit()
        .ifPresent(audit -> {
          extra.put("lost", (double) audit.lost());
          extra.put("duplicated", (double) audit.duplicated());
          extra.put("damaged", (double) audit.damaged());
        });
    return new BenchRow(peer.label(), bitsPerSecond() / 1e6, "Mbit/s", extra)
        .labelled("profile", profile.name())
        .labelled("data", data)
        .labelled("fsync", peer.fsync())
        .labelled("note", peer.note());
  }

  /// The cells under [#HEAD].
  List<String> cells() {
    LoadFigures load = outcome.load();
    return List.of(
        profile.name(),
        peer.label(),
        data,
        peer.fsync(),
        format("%.0f", bitsPerSecond() / 1e6),
        peer.hasAckTimes() ? format("%.0f ms", load.ackP50Ms()) : "-",
        peer.hasAckTimes() ? format("%.0f ms", load.ackP99Ms()) : "-",
        format("%.0f %%", utilisation() * 100),
        format("%.1f s/GB", nearCpuPerGigabyte()),
        format("%.1f s/GB", farCpuPerGigabyte()),
        outcome.audit().map(audit -> Long.toString(audit.lost())).orElse("-"),
        outcome.audit().map(audit -> Long.toString(audit.duplicated())).orElse("-"));
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /// For people, on one line.
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %s: %.0f Mbit/s of %s, link %.0f %% used, CPU %.1f s/GB near and %.1f s/GB far, %s",
        profile.name(),
        peer.label(),
        bitsPerSecond() / 1e6,
        data,
        utilisation() * 100,
        nearCpuPerGigabyte(),
        farCpuPerGigabyte(),
        outcome.audit().map(PeerRow::words).orElse("not read back"));
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
