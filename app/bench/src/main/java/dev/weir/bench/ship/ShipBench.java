package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.BenchReport;
import dev.weir.bench.data.DataPool;
import dev.weir.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// How fast messages of an edge are safe at a core: every mode in every world, in turn, each on the
/// whole path: made, written to a spool and fsynced, sent, written to the core's log and fsynced,
/// acked; then read back and compared. Edge and core are separate processes on the two sides of the
/// lab, which this process carries.
///
/// One thread runs it.
public final class ShipBench {
  private final ShipOptions options;
  private final Clock clock;
  private final ShipProgress progress;
  private String labUsed = "loopback only";

  /// @param say told in words what runs now
  public ShipBench(ShipOptions options, Clock clock, Consumer<String> say) {
    this.options = options;
    this.clock = clock;
    this.progress = new ShipProgress(say, clock);
  }

  /// Runs everything; some minutes per gigabyte.
  public ShipReport run() throws IOException {
    Map<String, String> machine = BenchReport.machine();
    Files.createDirectories(options.directory());
    DataPool pool = LoadPlan.pool(options.set(), options.seed());
    double ratio = pool.plainZstdRatio(1_000);
    progress.data(options.set(), pool.meanBytes(), ratio);
    List<ShipRow> rows = new ArrayList<>();
    Peers peers = new Peers(options, pool, clock, progress);
    for (ShipProfile profile : options.profiles()) {
      rows.addAll(runWorld(profile, pool, peers));
    }
    return new ShipReport(options, rows, peers.rows(), ratio, pool.meanBytes(), labUsed, machine);
  }

  /// Modes and other programs in turn, as often as there are runs. A run that fails is said and
  /// left out, so that it does not take the others' figures with it.
  private List<ShipRow> runWorld(ShipProfile profile, DataPool pool, Peers peers)
      throws IOException {
    Map<ShipMode, List<ShipResult>> results = new LinkedHashMap<>();
    for (int run = 0; run < options.runs(); run++) {
      for (ShipMode mode : options.modes()) {
        if (!mode.isAvailable()) {
          progress.missing(mode);
          continue;
        }
        progress.begin(profile, mode.name(), run, options);
        try {
          ShipResult result = runOnce(profile, mode, pool);
          progress.end(profile, mode, result);
          results.computeIfAbsent(mode, _ -> new ArrayList<>()).add(result);
        } catch (IOException e) {
          progress.failed(e);
        }
      }
      peers.run(profile, run);
    }
    return results.entrySet().stream()
        .map(entry -> new ShipRow(profile, entry.getKey(), entry.getValue()))
        .toList();
  }

  private ShipResult runOnce(ShipProfile profile, ShipMode mode, DataPool pool) throws IOException {
    Path directory = Files.createTempDirectory(options.directory(), "ship");
    Optional<Lab> lab = ShipRun.openLab(profile, options.seed(), clock);
    try {
      labUsed = lab.map(Lab::description).orElse(labUsed);
      return new ShipRun(options, profile, mode, pool, clock, progress::acked).run(directory, lab);
    } finally {
      lab.ifPresent(Lab::close);
      BenchFiles.deleteAll(directory);
    }
  }
}
