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
import java.util.List;
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
  private Optional<String> kafkaClassPath = Optional.empty();

  /// @param pool what the modes ship
  Peers(ShipOptions options, DataPool pool, Clock clock, ShipProgress progress) {
    this.options = options;
    this.pool = pool;
    this.clock = clock;
    this.progress = progress;
    logs = options.peers().hasRsyslog() ? LoadPlan.pool(DataSet.LOGS, options.seed()) : pool;
  }

  List<PeerRow> run(ShipProfile world) throws IOException {
    List<PeerRow> rows = new ArrayList<>();
    ShipProfile profile = world.withoutExtraCommit();
    if (profile.path().isEmpty()) {
      return rows;
    }
    if (options.peers().hasRsyslog() && isRsyslogThere()) {
      run(profile, Peer.RSYSLOG).ifPresent(rows::add);
      run(profile, Peer.WEIR).ifPresent(rows::add);
    }
    if (options.peers().checkout().isPresent()) {
      run(profile, Peer.KAFKA).ifPresent(rows::add);
      run(profile, Peer.KAFKA_FSYNC).ifPresent(rows::add);
    }
    return rows;
  }

  private boolean isRsyslogThere() {
    if (!Rsyslog.isInstalled()) {
      progress.say("rsyslog: not installed (Debian: apt-get install rsyslog rsyslog-relp)");
    }
    return Rsyslog.isInstalled();
  }

  /// One that fails is left out and says why: the other rows took too long to be lost with it.
  private Optional<PeerRow> run(ShipProfile profile, Peer peer) throws IOException {
    progress.begin(profile.name() + " " + peer.label());
    Path directory = Files.createTempDirectory(options.directory(), "peer");
    try (Lab lab = ShipRun.openLab(profile, options.seed(), clock).orElseThrow()) {
      PeerRow row =
          switch (peer) {
            case WEIR -> row(profile, peer, DataSet.LOGS, edge(profile, directory, lab));
            case RSYSLOG -> row(profile, peer, DataSet.LOGS, rsyslog(profile, directory, lab));
            case KAFKA, KAFKA_FSYNC ->
                row(profile, peer, options.set(), kafka(profile, peer, directory, lab));
          };
      progress.say(row.toString());
      return Optional.of(row);
    } catch (IOException e) {
      progress.say(peer.label() + ": left out, " + e.getMessage());
      return Optional.empty();
    } finally {
      BenchFiles.deleteAll(directory);
    }
  }

  private static PeerRow row(ShipProfile profile, Peer peer, DataSet set, PeerOutcome outcome) {
    return new PeerRow(profile, peer, set.label(), outcome);
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
