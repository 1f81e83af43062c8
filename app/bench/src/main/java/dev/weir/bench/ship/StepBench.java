package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.BenchReport;
import dev.weir.bench.BenchRow;
import dev.weir.bench.data.DataPool;
import dev.weir.lab.Lab;
import dev.weir.lab.PathSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// How soon a mode uses a path again whose rate changes: 400 → 80 → 400 Mbit/s at 16 ms.
public final class StepBench {
  private static final PathSettings HIGH = PathSettings.parse("16/400");
  private static final PathSettings LOW = PathSettings.parse("16/80");
  private static final ShipProfile PROFILE =
      new ShipProfile("16/400→80→400", Optional.of(HIGH), Duration.ZERO);

  private final ShipOptions options;
  private final Clock clock;
  private final Consumer<String> say;

  /// @param options of which the modes, the data and the directory count
  public StepBench(ShipOptions options, Clock clock, Consumer<String> say) {
    this.options = options;
    this.clock = clock;
    this.say = say;
  }

  /// Runs every mode once; half a minute each.
  public BenchReport run() throws IOException {
    Map<String, String> env = BenchReport.machine();
    Files.createDirectories(options.directory());
    DataPool pool = LoadPlan.pool(options.set(), options.seed());
    List<BenchRow> rows = new ArrayList<>();
    String lab = "";
    for (ShipMode mode : options.modes()) {
      if (mode.isAvailable()) {
        say.accept("step " + PROFILE.name() + " Mbit/s, " + mode.name());
        try (Lab open = Lab.open(HIGH, clock, new SplittableRandom(options.seed()))) {
          lab = open.description();
          rows.add(run(mode, pool, open));
        }
      }
    }
    env.put("lab", lab);
    env.put("phaseSeconds", Long.toString(StepWatch.PHASE.toSeconds()));
    return new BenchReport("ship-step", rows, new LinkedHashMap<>(), env);
  }

  private BenchRow run(ShipMode mode, DataPool pool, Lab lab) throws IOException {
    Path directory = Files.createTempDirectory(options.directory(), "step");
    try {
      StepWatch watch = new StepWatch(lab, HIGH, LOW, clock);
      ShipResult result =
          new ShipRun(stepOptions(mode), PROFILE, mode, pool, clock, _ -> {})
              .atBegin(watch::start)
              .run(directory, Optional.of(lab));
      watch.await();
      return row(mode, watch, result);
    } finally {
      BenchFiles.deleteAll(directory);
    }
  }

  private static BenchRow row(ShipMode mode, StepWatch watch, ShipResult result) {
    return new BenchRow(mode.name(), watch.recoverySeconds(2), "s to recover", Map.of())
        .labelled("profile", PROFILE.name())
        .with("wireMbitBefore", watch.settledBitsPerSecond(0) / 1e6)
        .with("wireMbitLow", watch.settledBitsPerSecond(1) / 1e6)
        .with("wireMbitAfter", watch.settledBitsPerSecond(2) / 1e6)
        .with("lost", (double) result.audit().lost())
        .with("duplicated", (double) result.audit().duplicated());
  }

  private ShipOptions stepOptions(ShipMode mode) {
    return new ShipOptions(
        options.directory(),
        options.java(),
        List.of(PROFILE),
        List.of(mode),
        options.set(),
        options.seed(),
        options.bytes(),
        StepWatch.PHASE.multipliedBy(3),
        options.warmUp(),
        1,
        PeerChoice.NONE);
  }
}
