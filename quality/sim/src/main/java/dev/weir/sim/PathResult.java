package dev.weir.sim;

/// What a window made of a path.
///
/// @param ackedBytesByTick acked in each tenth of a second
/// @param ackP50Millis from send to ack, median
/// @param ackP99Millis what 99 of 100 stay below
/// @param windowBytes the window at the end
@SuppressWarnings("ArrayRecordComponent") // Made once and read by the table.
public record PathResult(
    PathProfile profile,
    long[] ackedBytesByTick,
    double ackP50Millis,
    double ackP99Millis,
    long windowBytes) {
  /// Mbit/s that were acked from one time to another.
  public double mbitPerSecond(double fromSecond, double toSecond) {
    long bytes = 0;
    int first = (int) (fromSecond * 10);
    int end = Math.min((int) (toSecond * 10), ackedBytesByTick.length);
    for (int tick = first; tick < end; tick++) {
      bytes += ackedBytesByTick[tick];
    }
    return bytes * 8 / 1e6 / ((end - first) / 10.0);
  }

  /// The share of the link's capacity that was used, from the first second to the last.
  public double capacityPercent() {
    return mbitPerSecond(0, profile.seconds()) * 100 / profile.mbitPerSecond();
  }

  /// How long after a time the rate first held a share of the capacity over half a second.
  public double secondsUntil(double fromSecond, double share) {
    double second = fromSecond;
    while (second + 0.5 < profile.seconds()
        && mbitPerSecond(second, second + 0.5) < share * profile.mbitPerSecond()) {
      second += 0.1;
    }
    return second - fromSecond;
  }
}
