package dev.weir.bench.rtt;

import dev.weir.base.Checks;
import java.util.List;

/// What `weir bench rtt` measures.
///
/// @param java the words that start a JVM with this program's class path, without flags
/// @param rttMillis round trips of the paths with ten requests of 1 MB, each 0 to 2000
/// @param sizes bytes of the single requests, each 1 to 100,000,000
/// @param sizesRttMillis round trip of their path; 0 to 2000
/// @param megabits rate of every path, 1 to 10,000 Mbit/s
/// @param mtu of every path, 576 to 9000 bytes; a connection begins with ten packets
/// @param rounds all in turn, 1 to 50
/// @param warmUps requests of 1 MB in each way before the first round, 0 to 1000
/// @param isNetwork whether namespaces may be used; else the relay stands in, as it does without
///   root
public record RttOptions(
    List<String> java,
    List<Integer> rttMillis,
    List<Integer> sizes,
    int sizesRttMillis,
    int megabits,
    int mtu,
    int rounds,
    int warmUps,
    boolean isNetwork) {
  static final int REQUEST_BYTES = 1_000_000;
  static final int REQUESTS = 10;
  static final int MAX_SIZE = 100_000_000;

  public RttOptions {
    java = List.copyOf(java);
    rttMillis = List.copyOf(rttMillis);
    sizes = List.copyOf(sizes);
    rttMillis.forEach(rtt -> Checks.range("rtt millis", rtt, 0, 2_000));
    sizes.forEach(size -> Checks.range("size", size, 1, MAX_SIZE));
    Checks.range("rtt millis of sizes", sizesRttMillis, 0, 2_000);
    Checks.range("rate", megabits, 1, 10_000);
    Checks.range("rounds", rounds, 1, 50);
    Checks.range("warm-ups", warmUps, 0, 1_000);
  }

  /// Within a minute: ten requests at 0, 16 and 64 ms, one round.
  public static RttOptions quick(List<String> java) {
    return new RttOptions(java, List.of(0, 16, 64), List.of(), 152, 1_000, 1_500, 1, 25, true);
  }

  /// Some half an hour: also at 152 ms, sizes up to 100 MB, five rounds.
  public static RttOptions full(List<String> java) {
    return new RttOptions(
        java,
        List.of(0, 16, 64, 152),
        List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000),
        152,
        1_000,
        1_500,
        5,
        100,
        true);
  }

  /// The same with other counts.
  public RttOptions with(int newRounds, int newMegabits) {
    return new RttOptions(
        java, rttMillis, sizes, sizesRttMillis, newMegabits, mtu, newRounds, warmUps, isNetwork);
  }

  /// The same at other round trips.
  public RttOptions at(List<Integer> newRttMillis) {
    return new RttOptions(
        java, newRttMillis, sizes, sizesRttMillis, megabits, mtu, rounds, warmUps, isNetwork);
  }

  /// The same with other single requests.
  public RttOptions sized(List<Integer> newSizes) {
    return new RttOptions(
        java, rttMillis, newSizes, sizesRttMillis, megabits, mtu, rounds, warmUps, isNetwork);
  }
}
