package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One subscriber stops for good while others run at full speed. The core's heap is smaller than
/// what flows past the stopped one, so a core that kept it in memory would end here; and the
/// stopped one, woken again, reads what it missed from the log.
///
/// `-Dweir.stuck.lines=4000000 -Dweir.stuck.heapMib=512` is the long form: 4 GB past a heap of 512
/// MiB, 17 GB of disk.
final class StuckSubscriberTest {
  private static final int LINES = Integer.getInteger("weir.stuck.lines", 150_000);
  private static final int LINE_CHARS = 1000;
  private static final int HEAP_MIB = Integer.getInteger("weir.stuck.heapMib", 96);
  private static final String HEAP = HEAP_MIB + "m";

  /// The heap, and what the JVM and its direct buffers take beside it.
  private static final long MAX_RESIDENT_BYTES = (HEAP_MIB + 204L) << 20;

  /// At 5 MB/s, on a machine that does other things.
  private static final Duration FLOW = Duration.ofSeconds(90 + LINES / 5_000);

  @TempDir private Path directory;

  @Test
  void keepsItsMemoryAndServesTheOthers() throws IOException {
    Path input = incompressibleLines();
    Launch core = new Launch(directory.resolve("core-output")).heap(HEAP);
    try (Site site = new Site(directory, core)) {
      site.startCore();
      Launch reader = new Launch(directory.resolve("reader-output"));
      try (WeirProcess stuck = subscriber(reader, site);
          WeirProcess healthy = subscriber(reader, site)) {
        publishOne(site);
        eventually("both are subscribed", () -> isReading(stuck) && isReading(healthy));
        stuck.freeze();

        try (WeirProcess edge = feed(site, input)) {
          assertThat(edge.awaitExit(FLOW)).as(edge.describe()).isZero();
        }
        long expectedBytes = Files.size(input) + "hello\n".length();
        eventually(
            "the healthy one has it all",
            FLOW,
            () -> Files.size(healthy.output()) == expectedBytes);
        holdsItsMemory(site, "while one stands still");

        stuck.thaw();
        eventually(
            "the stuck one has it all", FLOW, () -> Files.size(stuck.output()) == expectedBytes);
        assertThat(Files.mismatch(stuck.output(), healthy.output())).isEqualTo(-1);
        holdsItsMemory(site, "after it caught up");
      }
    }
  }

  private static void holdsItsMemory(Site site, String when) {
    long residentBytes = site.core().process().residentBytes();
    System.out.printf("the core holds %d MiB %s, heap %s%n", residentBytes >> 20, when, HEAP);
    assertThat(residentBytes).isLessThan(MAX_RESIDENT_BYTES);
  }

  private static WeirProcess subscriber(Launch launch, Site site) {
    return launch.start(
        "sub",
        "#",
        "--from",
        "first",
        "--format",
        "body",
        "--server",
        "weir://" + site.core().server());
  }

  private static boolean isReading(WeirProcess subscriber) throws IOException {
    return Files.size(subscriber.output()) > 0;
  }

  private void publishOne(Site site) {
    Launch.Ended done =
        new Launch(directory.resolve("pub-output"))
            .run("pub", "flow", "hello", "--server", "weir://" + site.core().server());
    assertThat(done.status()).as(done.error()).isZero();
  }

  private WeirProcess feed(Site site, Path input) {
    return new Launch(directory.resolve("edge-output"))
        .input(input)
        .start(
            "edge",
            "--stdin",
            "--to",
            "weir://" + site.core().server(),
            "--topic",
            "flow",
            "--spool",
            directory.resolve("spool").toString(),
            "--ops",
            "127.0.0.1:0");
  }

  private Path incompressibleLines() throws IOException {
    RandomGenerator random = Seeds.random("StuckSubscriberTest");
    Path file = directory.resolve("input");
    char[] line = new char[LINE_CHARS];
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < LINES; i++) {
        for (int at = 0; at < line.length; at++) {
          line[at] = (char) random.nextInt(33, 127);
        }
        out.write(line);
        out.newLine();
      }
    }
    return file;
  }
}
