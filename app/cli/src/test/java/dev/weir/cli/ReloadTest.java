package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.node.CoreNode;
import dev.weir.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a changed configuration at a core that runs.
@Timeout(60)
final class ReloadTest {
  @TempDir Path directory;

  private final CapturedTerminal terminal = new CapturedTerminal();

  private Path write(String retention) throws IOException {
    return write(retention, "10m");
  }

  private Path write(String retention, String duplicateWindow) throws IOException {
    return Files.writeString(
        directory.resolve("weir.yaml"),
        """
        version: 1
        server: {listen: "127.0.0.1:0", dataDir: "%s"}
        store:
          segmentBytes: 1MiB
          duplicateWindow: %s
          retention: {freeDiskFloor: 0B, bytes: %s}
        """
            .formatted(directory.resolve("data"), duplicateWindow, retention));
  }

  private LoadResult.Loaded load(Path file) {
    return new NodeConfiguration().load(List.of(file), LoadScope.Role.CORE, terminal.terminal());
  }

  private static long firstOffset(CoreNode core) {
    return core.broker().stats().engine().partitions().getFirst().firstOffset();
  }

  @Test
  void takesWhatItCanAndGoesOnWhenItCannot() throws IOException {
    Path file = write("none");
    LoadResult.Loaded loaded = load(file);
    try (CoreNode core = CoreNode.start(loaded.config(), "test", Clock.SYSTEM)) {
      Reload reload = new Reload(core, () -> load(file), terminal.terminal());
      reload.inForce(loaded);
      for (int i = 0; i < 5; i++) {
        byte[] bytes = new byte[1_000_000]; // That nothing makes smaller.
        new Random(i).nextBytes(bytes);
        Path body = Files.write(directory.resolve("body"), bytes);
        Served.run(
            "weir://" + core.address(), null, List.of("pub", "a"), List.of("--file", "" + body));
      }
      assertThat(firstOffset(core)).isZero();

      reload.run();
      assertThat(terminal.err()).isEmpty();

      write("2 MiB and more");
      reload.run();
      assertThat(terminal.err())
          .contains("store.retention.bytes is `2 MiB and more`", "goes on with the configuration");
      assertThat(firstOffset(core)).isZero();

      write("2MiB", "1m");
      reload.run();
      assertThat(terminal.err())
          .contains("  ~ store.retention.bytes = 2MiB (was none)\n")
          .contains("  ~ store.duplicateWindow = 1m (was 10m), at the next start\n");
      Eventually.eventually("the oldest go", () -> firstOffset(core) > 0);
    }
  }
}
