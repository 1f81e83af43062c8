package dev.weir.load;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/// What one run of a load found.
///
/// @param sent messages
/// @param nanos from the first send to the last delivery
/// @param p50Nanos from sending a message, or from when it was due, to each of its deliveries
/// @param p99Nanos the same
/// @param maxNanos the same
/// @param refused messages that the hub did not take over, or did not answer
public record HubFigures(
    long sent,
    long nanos,
    long p50Nanos,
    long p99Nanos,
    long maxNanos,
    long refused,
    long deliveries,
    long lost,
    long doubled,
    long disordered,
    long damaged) {
  static HubFigures of(
      long sent, long nanos, Histogram latency, long refused, Audit.Verdict verdict) {
    return new HubFigures(
        sent,
        nanos,
        latency.getValueAtPercentile(50),
        latency.getValueAtPercentile(99),
        latency.getMaxValue(),
        refused,
        verdict.deliveries(),
        verdict.lost(),
        verdict.doubled(),
        verdict.disordered(),
        verdict.damaged());
  }

  /// Deliveries a second.
  public double perSecond() {
    return deliveries * 1e9 / Math.max(1, nanos);
  }

  /// Whether each message came as often as it should, in order, as it was sent.
  public boolean isClean() {
    return faults() == 0;
  }

  public long faults() {
    return refused + lost + doubled + disordered + damaged;
  }

  String words() {
    long[] all = {
      sent,
      nanos,
      p50Nanos,
      p99Nanos,
      maxNanos,
      refused,
      deliveries,
      lost,
      doubled,
      disordered,
      damaged
    };
    return String.join(" ", Arrays.stream(all).mapToObj(Long::toString).toList());
  }

  /// Reads the answer of a [HubLoad].
  public static HubFigures parse(String words) {
    List<Long> all = Arrays.stream(words.split(" ", -1)).map(Long::valueOf).toList();
    return new HubFigures(
        all.get(0),
        all.get(1),
        all.get(2),
        all.get(3),
        all.get(4),
        all.get(5),
        all.get(6),
        all.get(7),
        all.get(8),
        all.get(9),
        all.get(10));
  }
}
