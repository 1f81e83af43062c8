package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Short lines as fast as they can be read, through an edge with the heap that the launcher gives
/// it: of short lines the objects around them weigh more than they do.
final class EdgeHeapTest {
  private static final int LINES = 700_000;

  @TempDir private Path directory;

  @Test
  void takesShortLinesAtFullSpeed() throws IOException {
    try (Site site = new Site(directory, new Launch(directory.resolve("core-output")))) {
      site.startCore();
      Launch edge =
          new Launch(directory.resolve("edge-output"))
              .heap("44m")
              .flag("-XX:MaxNewSize=16m")
              .flag("-XX:SurvivorRatio=2")
              .flag("-XX:+ExitOnOutOfMemoryError")
              .input(shortLines());
      try (WeirProcess process =
          edge.start(
              "edge",
              "--stdin",
              "--to",
              "weir://" + site.core().server(),
              "--topic",
              "flow",
              "--spool",
              directory.resolve("spool").toString(),
              "--ops",
              "127.0.0.1:0")) {
        assertThat(process.awaitExit()).as(process.describe()).isZero();
      }
    }
  }

  private Path shortLines() throws IOException {
    RandomGenerator random = Seeds.random("EdgeHeapTest");
    Path file = directory.resolve("input");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < LINES; i++) {
        out.write("1760000000." + random.nextInt(1000) + " INFO store.Blocks: stored block blk_");
        out.write(random.nextInt(1 << 20) + " of " + random.nextInt(1 << 19) + " bytes\n");
      }
    }
    return file;
  }
}
