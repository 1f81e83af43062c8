package dev.weir.lab;

import dev.weir.base.Checks;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A whole path: both directions alike, half of the round trip in each.
///
/// @param rtt round trip of a small packet over an idle path, zero to 20 s
/// @param bitsPerSecond the rate of each direction, 0 for no limit
/// @param loss part of the packets that vanish in each direction, 0 to 1
/// @param reorder part of the packets that later ones overtake, 0 to 1
/// @param mtu the largest packet, 576 to 9000 bytes
public record PathSettings(Duration rtt, long bitsPerSecond, double loss, double reorder, int mtu) {
  /// Jumbo packets: at 400 Mbit/s some 5,500 packets a second, which leave the cores to what is
  /// measured.
  public static final int DEFAULT_MTU = 9000;

  private static final PathSettings SEED = of(Duration.ofMillis(10), 180_000_000);
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,5})/(\\d{1,6})");

  /// A router's buffer holds at least this long.
  private static final Duration SHORTEST_QUEUE = Duration.ofMillis(50);

  private static final int SMALLEST_QUEUE_BYTES = 64 << 10;
  private static final int LARGEST_QUEUE_BYTES = 64 << 20;

  public PathSettings {
    Checks.range("rtt millis", rtt.toMillis(), 0, 20_000);
    Checks.range("mtu", mtu, 576, 9000);
  }

  public static PathSettings of(Duration rtt, long bitsPerSecond) {
    return new PathSettings(rtt, bitsPerSecond, 0, 0, DEFAULT_MTU);
  }

  /// Reads `seed` (10 ms, 180 Mbit/s: what the published run can be computed back to) or `RTT/RATE`
  /// in milliseconds and Mbit/s, such as `64/400`.
  ///
  /// @throws IllegalArgumentException when the text is neither
  public static PathSettings parse(String text) {
    if (text.equals("seed")) {
      return SEED;
    }
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a path, expected seed or RTT/RATE in ms and Mbit/s, such as 64/400");
    }
    return of(
        Duration.ofMillis(Long.parseLong(matcher.group(1))),
        Long.parseLong(matcher.group(2)) * 1_000_000);
  }

  public PathSettings withFaults(double newLoss, double newReorder) {
    return new PathSettings(rtt, bitsPerSecond, newLoss, newReorder, mtu);
  }

  public PathSettings withMtu(int newMtu) {
    return new PathSettings(rtt, bitsPerSecond, loss, reorder, newMtu);
  }

  /// One direction of it. Its queue holds one round trip at the full rate, as routers are
  /// dimensioned, at least 50 ms.
  public LineSettings line() {
    return LineSettings.OPEN
        .withBitsPerSecond(bitsPerSecond)
        .withDelay(rtt.dividedBy(2))
        .withQueueBytes(queueBytes())
        .withLoss(loss)
        .withReorder(reorder);
  }

  private long queueBytes() {
    double seconds = Math.max(rtt.toNanos(), SHORTEST_QUEUE.toNanos()) / 1e9;
    return Math.clamp(
        (long) (bitsPerSecond / 8.0 * seconds), SMALLEST_QUEUE_BYTES, LARGEST_QUEUE_BYTES);
  }
}
