package dev.weir.lab;

import dev.weir.base.Checks;
import java.time.Duration;

/// How one direction of a path behaves. May be changed while bytes are on their way.
///
/// @param bitsPerSecond the rate of the narrowest place, 8 kbit/s to 100 Gbit/s, or 0 for no limit;
///   whole IP packets count
/// @param delay from that place to the other end, zero to 10 s
/// @param queueBytes what may wait before that place, 1500 B to 1 GiB; what comes on top is dropped
/// @param loss part of the packets that vanish, 0 to 1
/// @param reorder part of the packets that are held back so that later ones overtake, 0 to 1
/// @param holdBack how long those are held back, zero to 1 s
/// @param isStalled nothing comes through, and nobody is told
public record LineSettings(
    long bitsPerSecond,
    Duration delay,
    long queueBytes,
    double loss,
    double reorder,
    Duration holdBack,
    boolean isStalled) {
  /// Neither rate nor delay nor faults.
  public static final LineSettings OPEN =
      new LineSettings(0, Duration.ZERO, 1 << 20, 0, 0, Duration.ofMillis(3), false);

  public LineSettings {
    Checks.argument(
        bitsPerSecond == 0 || (bitsPerSecond >= 8_000 && bitsPerSecond <= 100_000_000_000L),
        "rate is " + bitsPerSecond + " bit/s, expected 0 or 8000 to 100000000000");
    Checks.range("delay millis", delay.toMillis(), 0, 10_000);
    Checks.range("queueBytes", queueBytes, 1500, 1 << 30);
    checkPart("loss", loss);
    checkPart("reorder", reorder);
    Checks.range("holdBack millis", holdBack.toMillis(), 0, 1_000);
  }

  private static void checkPart(String name, double part) {
    Checks.argument(part >= 0 && part <= 1, name + " is " + part + ", expected 0 to 1");
  }

  public LineSettings withBitsPerSecond(long value) {
    return new LineSettings(value, delay, queueBytes, loss, reorder, holdBack, isStalled);
  }

  public LineSettings withDelay(Duration value) {
    return new LineSettings(bitsPerSecond, value, queueBytes, loss, reorder, holdBack, isStalled);
  }

  public LineSettings withQueueBytes(long value) {
    return new LineSettings(bitsPerSecond, delay, value, loss, reorder, holdBack, isStalled);
  }

  public LineSettings withLoss(double value) {
    return new LineSettings(bitsPerSecond, delay, queueBytes, value, reorder, holdBack, isStalled);
  }

  public LineSettings withReorder(double value) {
    return new LineSettings(bitsPerSecond, delay, queueBytes, loss, value, holdBack, isStalled);
  }

  public LineSettings withStalled(boolean value) {
    return new LineSettings(bitsPerSecond, delay, queueBytes, loss, reorder, holdBack, value);
  }
}
