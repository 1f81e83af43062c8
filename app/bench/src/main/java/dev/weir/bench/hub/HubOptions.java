package dev.weir.bench.hub;

import dev.weir.base.Checks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What `weir bench hub` measures.
///
/// @param java the words that start a JVM with this program's class path, without flags
/// @param coreCommand the words that start a core; `--data DIR --listen HOST:PORT` is added
/// @param directory where the hubs write: the disk that is judged
/// @param ways as [#WAYS] names them, in the order of the report
/// @param cases as [#CASES] names them
/// @param rounds all in turn, 1 to 50
/// @param warmUp of each way and case in each round, 0 to 60 s
/// @param time of each measurement, 100 ms to 60 s
/// @param peers root of the checkout that has the rivals' clients; without one rivals are left out
public record HubOptions(
    List<String> java,
    List<String> coreCommand,
    Path directory,
    List<String> ways,
    List<String> cases,
    int rounds,
    Duration warmUp,
    Duration time,
    Optional<Path> peers) {
  /// Every hub.
  public static final List<String> WAYS = HubWay.all();

  /// Every workload.
  public static final List<String> CASES = HubCase.all();

  public HubOptions {
    java = List.copyOf(java);
    coreCommand = List.copyOf(coreCommand);
    ways = List.copyOf(ways);
    cases = List.copyOf(cases);
    ways.forEach(HubWay::parse);
    cases.forEach(HubCase::parse);
    Checks.range("rounds", rounds, 1, 50);
    Checks.range("warm-up millis", warmUp.toMillis(), 0, 60_000);
    Checks.range("time millis", time.toMillis(), 100, 60_000);
  }

  List<HubCase> workloads() {
    return cases.stream().map(HubCase::parse).toList();
  }

  List<HubWay> hubs() {
    return ways.stream().map(HubWay::parse).toList();
  }
}
