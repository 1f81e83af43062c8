package dev.weir.bench.ops;

import dev.weir.base.Checks;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// What `weir bench ops` measures.
///
/// @param java the words that start a JVM with this program's class path, without flags
/// @param ways as [#OURS] names them, in the order of the report
/// @param isRouted whether each is also measured through a router, where that is possible
/// @param sizes bytes of a body, each 1 byte to 1 MiB
/// @param inFlights of the closed loops, each 1 to 4096
/// @param rounds all in turn, 1 to 50
/// @param warmUp of each way and size before the first round, up to 60 s; streams and calls of gRPC
///   get several times as much
/// @param time of each measurement, 100 ms to 60 s
/// @param openRates operations a second of open loops; empty for none
/// @param isSearched whether the highest rates with p99.9 under 1 ms and 5 ms are looked for
/// @param spin of the event loops of both ends and the router, gRPC's as well, before they sleep;
///   zero for none, up to 100 ms
/// @param hasPeers whether redis-server and nats-server are measured too, when they are installed
public record OpsOptions(
    List<String> java,
    List<String> ways,
    boolean isRouted,
    List<Integer> sizes,
    List<Integer> inFlights,
    int rounds,
    Duration warmUp,
    Duration time,
    List<Integer> openRates,
    boolean isSearched,
    Duration spin,
    boolean hasPeers) {
  /// Every way that is not another program's.
  public static final List<String> OURS = OpsWay.OURS.stream().map(OpsWay::label).toList();

  private static final int LARGEST_ROUTED_BYTES = 16 << 10;

  public OpsOptions {
    java = List.copyOf(java);
    ways = List.copyOf(ways);
    sizes = List.copyOf(sizes);
    inFlights = List.copyOf(inFlights);
    openRates = List.copyOf(openRates);
    ways.forEach(OpsWay::parse);
    sizes.forEach(size -> Checks.range("size", size, 1, 1 << 20));
    inFlights.forEach(count -> Checks.range("in flight", count, 1, 4_096));
    openRates.forEach(rate -> Checks.range("rate", rate, 10, 10_000_000));
    Checks.range("rounds", rounds, 1, 50);
    Checks.range("warm-up millis", warmUp.toMillis(), 0, 60_000);
    Checks.range("time millis", time.toMillis(), 100, 60_000);
    Checks.range("spin micros", spin.toNanos() / 1_000, 0, 100_000);
  }

  /// Within a minute: 64 B, 1 and 256 in flight, one round, one rate of an open loop.
  public static OpsOptions quick(List<String> java) {
    return new OpsOptions(
        java,
        OURS,
        true,
        List.of(64),
        List.of(1, 256),
        1,
        Duration.ofMillis(400),
        Duration.ofMillis(900),
        List.of(20_000),
        false,
        Duration.ZERO,
        true);
  }

  /// Some half an hour: everything, five rounds.
  public static OpsOptions full(List<String> java) {
    return new OpsOptions(
        java,
        OURS,
        true,
        List.of(64, 1024),
        List.of(1, 32, 256, 1024),
        5,
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        List.of(5_000, 20_000, 70_000, 100_000, 200_000),
        true,
        Duration.ZERO,
        true);
  }

  /// The same with another number of rounds.
  public OpsOptions withRounds(int count) {
    return with(draft -> draft.rounds = count);
  }

  /// The same with other loads; what is empty stays as it is. With a body above 16 KiB there are
  /// closed loops and direct ones only, and no peers.
  public OpsOptions withLoads(List<Integer> newSizes, List<Integer> newInFlights) {
    List<Integer> bodies = newSizes.isEmpty() ? sizes : newSizes;
    boolean isLarge = bodies.stream().anyMatch(size -> size > LARGEST_ROUTED_BYTES);
    OpsOptions loaded =
        with(draft -> {
          draft.sizes = bodies;
          draft.inFlights = newInFlights.isEmpty() ? inFlights : newInFlights;
        });
    return isLarge
        ? loaded.closedOnly().directOnly().with(draft -> draft.hasPeers = false)
        : loaded;
  }

  /// The same with some of the ways only, without other programs.
  public OpsOptions withWays(List<String> only) {
    return with(draft -> {
      draft.ways = only;
      draft.hasPeers = false;
    });
  }

  /// The same without routers.
  public OpsOptions directOnly() {
    return with(draft -> draft.isRouted = false);
  }

  /// The same closed loops without open ones.
  public OpsOptions closedOnly() {
    return with(draft -> {
      draft.openRates = List.of();
      draft.isSearched = false;
    });
  }

  /// The same with loops that spin before they sleep.
  public OpsOptions withSpin(Duration time) {
    return with(draft -> draft.spin = time);
  }

  private OpsOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// The same options while some of them are changed.
  private static final class Draft {
    private final List<String> java;
    private List<String> ways;
    private boolean isRouted;
    private List<Integer> sizes;
    private List<Integer> inFlights;
    private int rounds;
    private final Duration warmUp;
    private final Duration time;
    private List<Integer> openRates;
    private boolean isSearched;
    private Duration spin;
    private boolean hasPeers;

    Draft(OpsOptions from) {
      java = from.java;
      ways = from.ways;
      isRouted = from.isRouted;
      sizes = from.sizes;
      inFlights = from.inFlights;
      rounds = from.rounds;
      warmUp = from.warmUp;
      time = from.time;
      openRates = from.openRates;
      isSearched = from.isSearched;
      spin = from.spin;
      hasPeers = from.hasPeers;
    }

    OpsOptions options() {
      return new OpsOptions(
          java,
          ways,
          isRouted,
          sizes,
          inFlights,
          rounds,
          warmUp,
          time,
          openRates,
          isSearched,
          spin,
          hasPeers);
    }
  }
}
