package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import dev.weir.log.FileDisk;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// The core of a run, in a process of its own: `weir serve` on a disk that may be slower than this
/// machine's. It ends when it is told to.
///
///     ShipCore EXTRA_COMMIT_MILLIS --data DIR --listen HOST:PORT
public final class ShipCore {
  private ShipCore() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Duration extra = Duration.ofMillis(Long.parseLong(arguments[0]));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.dataDir", arguments[2]);
    settings.put("server.listen", arguments[4]);
    settings.put("server.insecureBind", "true"); // Only its own namespace can reach it.
    settings.put("store.retention.freeDiskFloor", "0B");
    Disk disk = extra.isZero() ? new FileDisk() : new SlowDisk(new FileDisk(), Clock.SYSTEM, extra);
    CoreNode core = CoreNode.start(EdgeConfigs.of(settings), "bench", disk, Clock.SYSTEM);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  core.close();
                  ended.countDown();
                },
                "weir-bench-core-end"));
    System.err.println("ready on " + core.address());
    ended.await();
  }
}
