package dev.weir.bench.ship;

import dev.weir.bench.BenchRow;
import dev.weir.bench.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// What a program reached in a world, without the extra commit time that the world may have: the
/// middle of its runs.
///
/// @param data what it shipped
/// @param outcomes one a run, at least one
record PeerRow(ShipProfile profile, Peer peer, String data, List<PeerOutcome> outcomes) {
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

  PeerRow {
    outcomes = List.copyOf(outcomes);
  }

  private Spread spread(ToDoubleFunction<PeerOutcome> figure) {
    return Spread.of(outcomes.stream().map(figure::applyAsDouble).toList());
  }

  private double median(ToDoubleFunction<PeerOutcome> figure) {
    return spread(figure).median();
  }

  private double megabitsPerSecond() {
    return median(PeerOutcome::megabitsPerSecond);
  }

  private double utilisation() {
    double rate = Math.max(1, profile.bitsPerSecond());
    return median(outcome -> outcome.wireBytes() * 8 / outcome.load().seconds() / rate);
  }

  /// Whether the far side was read back after every run.
  private boolean isReadBack() {
    return outcomes.stream().allMatch(outcome -> outcome.audit().isPresent());
  }

  private long sum(ToLongFunction<ShipAudit.Verdict> count) {
    return outcomes.stream().flatMap(outcome -> outcome.audit().stream()).mapToLong(count).sum();
  }

  /// Whether everything that must be there is there once and as sent, as far as that is known.
  boolean isClean() {
    return outcomes.stream()
        .flatMap(outcome -> outcome.audit().stream())
        .allMatch(ShipAudit.Verdict::isClean);
  }

  /// The row of `weir.bench/v1`; a figure that is not known is left out.
  BenchRow row() {
    Map<String, Double> extra = new LinkedHashMap<>();
    Spread rate = spread(PeerOutcome::megabitsPerSecond);
    extra.put("seconds", median(outcome -> outcome.load().seconds()));
    extra.put("appMbitPerSecond", rate.median());
    extra.put("lowestMbitPerSecond", rate.low());
    extra.put("highestMbitPerSecond", rate.high());
    if (peer.hasAckTimes()) {
      extra.put("ackP50Ms", median(outcome -> outcome.load().ackP50Ms()));
      extra.put("ackP99Ms", median(outcome -> outcome.load().ackP99Ms()));
    }
    extra.put("wireBytes", median(PeerOutcome::wireBytes));
    extra.put("utilisation", utilisation());
    extra.put("edgeCpuSecondsPerGB", median(PeerOutcome::nearCpuPerGigabyte));
    extra.put("coreCpuSecondsPerGB", median(PeerOutcome::farCpuPerGigabyte));
    if (isReadBack()) {
      extra.put("lost", (double) sum(ShipAudit.Verdict::lost));
      extra.put("duplicated", (double) sum(ShipAudit.Verdict::duplicated));
      extra.put("damaged", (double) sum(ShipAudit.Verdict::damaged));
    }
    return new BenchRow(peer.label(), rate.median(), "Mbit/s", extra)
        .labelled("profile", profile.name())
        .labelled("data", data)
        .labelled("fsync", peer.fsync())
        .labelled("note", peer.note());
  }

  /// The cells under [#HEAD].
  List<String> cells() {
    return List.of(
        profile.name(),
        peer.label(),
        data,
        peer.fsync(),
        format("%.0f", megabitsPerSecond()),
        peer.hasAckTimes() ? format("%.0f ms", median(run -> run.load().ackP50Ms())) : "-",
        peer.hasAckTimes() ? format("%.0f ms", median(run -> run.load().ackP99Ms())) : "-",
        format("%.0f %%", utilisation() * 100),
        format("%.1f s/GB", median(PeerOutcome::nearCpuPerGigabyte)),
        format("%.1f s/GB", median(PeerOutcome::farCpuPerGigabyte)),
        isReadBack() ? Long.toString(sum(ShipAudit.Verdict::lost)) : "-",
        isReadBack() ? Long.toString(sum(ShipAudit.Verdict::duplicated)) : "-");
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
