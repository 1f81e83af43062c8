package dev.weir.edge;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import dev.weir.edge.encoding.BatchEncoder;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.TailFeed;
import dev.weir.edge.spool.BatchPolicy;
import dev.weir.edge.spool.Batcher;
import dev.weir.edge.spool.Spool;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/// A file source, a batcher and a spool on one thread, stepped by hand.
final class SteppedEdge {
  private static final BatchPolicy POLICY =
      new BatchPolicy(ByteSize.ofKibibytes(4), Duration.ofMillis(200), 0, true);

  private static final BatchEncoder ENCODER =
      BatchEncoder.fixed(POLICY.compression().zstdLevel().orElseThrow());

  final Spool spool;
  private final TailFeed tail;
  private final Batcher batcher;
  private final ManualClock clock;

  SteppedEdge(SpoolConfig config, FileConfig files, Disk disk, ManualClock clock)
      throws IOException {
    this.clock = clock;
    this.spool = Spool.openStepped(config, "site", disk, clock, new SplittableRandom(3));
    Intake intake = new Intake(64 << 20);
    this.batcher = new Batcher(POLICY, ENCODER, false, intake, spool, clock);
    this.tail = new TailFeed(files, spool.positions(), intake);
  }

  /// Reads what is there, and writes it as far as the disk lets it.
  void turn() {
    Clock now = clock;
    tail.readAll(now.nanoTime());
    batcher.step();
    clock.advanceMillis(300);
    batcher.step();
    spool.step();
    batcher.step();
    spool.step();
  }

  void close() {
    tail.close();
    spool.close();
  }
}
