package dev.weir.bench.ship;

import dev.weir.lab.PathSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The world of a run: a path and a core's disk.
///
/// @param name `seed`, `loopback` or `RTT/RATE` in ms and Mbit/s
/// @param path the lab's; empty for plain loopback
/// @param extraCommit added to every fsync of the core, zero to 1 s: a spinning disk, or acks of
///   replicas
public record ShipProfile(String name, Optional<PathSettings> path, Duration extraCommit) {
  private static final String SEED = "seed";
  private static final String LOOPBACK = "loopback";

  /// The published run computed back: 1140 s are 140 ms for each synchronous message, 314 s are 72
  /// to 75 ms with 100 in flight; with half a commit to wait and one to make that is 65 ms of
  /// commit.
  private static final Duration SEED_COMMIT = Duration.ofMillis(65);

  /// A load may be two seconds of its link ahead.
  private static final int AHEAD_SECONDS = 2;

  private static final long SMALLEST_AHEAD_BYTES = 16 << 20;
  private static final long LARGEST_AHEAD_BYTES = 64 << 20;

  /// Those of the report, in its order.
  public static final List<String> NAMES =
      List.of(SEED, "16/400", "64/400", "16/40", "200/40", LOOPBACK);

  /// @throws IllegalArgumentException when the text is none
  public static ShipProfile parse(String text) {
    if (text.equals(LOOPBACK)) {
      return new ShipProfile(text, Optional.empty(), Duration.ZERO);
    }
    Duration commit = text.equals(SEED) ? SEED_COMMIT : Duration.ZERO;
    return new ShipProfile(text, Optional.of(PathSettings.parse(text)), commit);
  }

  /// The rate of the path in bits a second, 0 for no limit.
  long bitsPerSecond() {
    return path.map(PathSettings::bitsPerSecond).orElse(0L);
  }

  /// How far a load may be ahead of its link: enough to fill it, little enough to be sent soon.
  long aheadBytes() {
    return bitsPerSecond() == 0
        ? LARGEST_AHEAD_BYTES
        : Math.clamp(
            bitsPerSecond() / 8 * AHEAD_SECONDS, SMALLEST_AHEAD_BYTES, LARGEST_AHEAD_BYTES);
  }

  /// The same path to a core whose disk is this machine's.
  ShipProfile withoutExtraCommit() {
    return new ShipProfile(name, path, Duration.ZERO);
  }

  /// For people: `RTT 10 ms, 180 Mbit/s, +65 ms commit`.
  public String about() {
    String where =
        path.map(p ->
                "RTT " + p.rtt().toMillis() + " ms, " + p.bitsPerSecond() / 1_000_000 + " Mbit/s")
            .orElse("loopback");
    return extraCommit.isZero() ? where : where + ", +" + extraCommit.toMillis() + " ms commit";
  }
}
