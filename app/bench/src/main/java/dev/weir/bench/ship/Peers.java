package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.PeerModule;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import dev.weir.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs other programs in a world, those that were asked for and are there; beside rsyslog Weir's
/// edge with the same data. A far side's disk is this machine's: nobody waits for a world's extra
/// commit.
///
/// One thread runs it.
final class Peers {
  private final ShipOptions options;
  private final DataPool pool;
  private final Clock clock;
  private final ShipProgress progress;
  private final DataPool logs;
  private final Map<Case, List<PeerOutcome>> outcomes = new LinkedHashMap<>();
  private Optional<String> kafkaClassPath = Optional.empty();

  private record Case(ShipProfile profile, Peer peer) {}

  /// @param pool what the modes ship
  Peers(ShipOptions options, DataPool pool, Clock clock, ShipProgress progress) {
    this.options = options;
    this.pool = pool;
    this.clock = clock;
    this.progress = progress;
    logs = options.peers().hasRsyslog() ? LoadPlan.pool(DataSet.LOGS, options.seed()) : pool;
  }

  /// One run of each in a world; nothing in one without a path.
  void run(ShipProfile world, int run) throws IOException {
    ShipProfile profile = world.withoutExtraCommit();
    if (profile.path().isEmpty()) {
      return;
    }
    if (options.peers().hasRsyslog() && isRsyslogThere(run)) {
      run(profile, Peer.RSYSLOG, run);
      run(profile, Peer.WEIR, run);
    }
    if (options.peers().checkout().isPresent()) {
      run(profile, Peer.KAFKA, run);
      run(profile, Peer.KAFKA_FSYNC, run);
    }
  }

  /// What there was, by world, then program.
  List<PeerRow> rows() {
    return outcomes.entrySet().stream()
        .map(entry ->
            new PeerRow(
                entry.getKey().profile(),
                entry.getKey().peer(),
                dataOf(entry.getKey().peer()).label(),
                entry.getValue()))
        .toList();
  }

  private DataSet dataOf(Peer peer) {
    return switch (peer) {
      case WEIR, RSYSLOG -> DataSet.LOGS;
      case KAFKA, KAFKA_FSYNC -> options.set();
    };
  }

  private boolean isRsyslogThere(int run) {
    if (run == 0 && !Rsyslog.isInstalled()) {
      progress.say("rsyslog: not installed (Debian: apt-get install rsyslog rsyslog-relp)");
    }
    return Rsyslog.isInstalled();
  }

  /// One that fails is left out and says why: the other rows took too long to be lost with it.
  private void run(ShipProfile profile, Peer peer, int run) throws IOException {
    progress.begin(profile, peer.label(), run, options);
    Path directory = Files.createTempDirectory(options.directory(), "peer");
    try (Lab lab = ShipRun.openLab(profile, options.seed(), clock).orElseThrow()) {
      PeerOutcome outcome =
          switch (peer) {
            case WEIR -> edge(profile, directory, lab);
            case RSYSLOG -> rsyslog(profile, directory, lab);
            case KAFKA, KAFKA_FSYNC -> kafka(profile, peer, directory, lab);
          };
      progress.end(outcome);
      outcomes.computeIfAbsent(new Case(profile, peer), _ -> new ArrayList<>()).add(outcome);
    } catch (IOException e) {
      progress.failed(e);
    } finally {
      BenchFiles.deleteAll(directory);
    }
  }

  private PeerOutcome edge(ShipProfile profile, Path directory, Lab lab) throws IOException {
    ShipOptions same = options.shipping(DataSet.LOGS);
    ShipResult result =
        new ShipRun(same, profile, ShipMode.ASYNC, logs, clock, progress::acked)
            .run(directory, Optional.of(lab));
    return new PeerOutcome(
        result.load(), result.wireBytes(), result.coreCpuSeconds(), Optional.of(result.audit()));
  }

  private PeerOutcome rsyslog(ShipProfile profile, Path directory, Lab lab) throws IOException {
    return new Rsyslog(directory, lab, clock)
        .run(logs.asLines(), options.bytes(), options.longest(), profile.aheadBytes());
  }

  private PeerOutcome kafka(ShipProfile profile, Peer peer, Path directory, Lab lab)
      throws IOException {
    return new Kafka(options, kafkaClassPath(), clock, progress::acked)
        .run(pool, profile.aheadBytes(), peer == Peer.KAFKA_FSYNC, directory, lab);
  }

  private String kafkaClassPath() throws IOException {
    if (kafkaClassPath.isEmpty()) {
      PeerModule module = new PeerModule(options.peers().checkout().orElseThrow(), "kafka");
      if (!module.isBuilt()) {
        progress.say("kafka: Maven fetches and builds it now, the first time");
      }
      kafkaClassPath = Optional.of(module.classPath());
    }
    return kafkaClassPath.orElseThrow();
  }
}
