package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import dev.weir.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs other programs in a world, those that were asked for and are there.
final class Peers {
  private final ShipOptions options;
  private final Clock clock;
  private final ShipProgress progress;

  Peers(ShipOptions options, Clock clock, ShipProgress progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
  }

  List<PeerRow> run(ShipProfile profile) throws IOException {
    List<PeerRow> rows = new ArrayList<>();
    if (profile.path().isEmpty()) {
      return rows;
    }
    if (options.hasRsyslog()) {
      if (Rsyslog.isInstalled()) {
        rows.add(told(rsyslog(profile)));
      } else {
        progress.say("rsyslog: not installed (Debian: apt-get install rsyslog rsyslog-relp)");
      }
    }
    return rows;
  }

  private PeerRow told(PeerRow row) {
    progress.say(row.toString());
    return row;
  }

  /// As many bytes as the path passes in the time of a run, at most what a run ships.
  private PeerRow rsyslog(ShipProfile profile) throws IOException {
    long bytes =
        Math.min(
            options.bytes().bytes(), profile.bitsPerSecond() / 8 * options.longest().toSeconds());
    DataPool logs = LoadPlan.pool(DataSet.LOGS, options.seed());
    return within(
        profile,
        (directory, lab) ->
            new PeerRow(
                profile,
                "rsyslog RELP",
                "log lines",
                new Rsyslog(directory, lab, clock).run(logs, bytes, options.longest())));
  }

  private PeerRow within(ShipProfile profile, PeerRun run) throws IOException {
    Path directory = Files.createTempDirectory(options.directory(), "peer");
    try (Lab lab = ShipRun.openLab(profile, options.seed(), clock).orElseThrow()) {
      return run.run(directory, lab);
    } finally {
      BenchFiles.deleteAll(directory);
    }
  }

  private interface PeerRun {
    PeerRow run(Path directory, Lab lab) throws IOException;
  }
}
