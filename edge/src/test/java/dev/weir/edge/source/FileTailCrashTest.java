package dev.weir.edge.source;

import static dev.weir.edge.source.TailRig.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/// Writers, rotations and deaths of the process at random: each line is stored exactly once.
final class FileTailCrashTest {
  @TempDir private Path directory;

  @RepeatedTest(20)
  void storesEachLineOnceThroughRotationsAndDeaths() throws IOException {
    RandomGenerator random = Seeds.random("storesEachLineOnceThroughRotationsAndDeaths");
    FileConfig config = TailRig.config(directory, "*");
    TailRig rig =
        new TailRig(
            new FileConfig(
                "t",
                "t",
                config.globs(),
                config.startsAt(),
                Optional.empty(),
                config.maxLine(),
                Duration.ofHours(1),
                false,
                true,
                100));
    List<String> written = new ArrayList<>();
    int rotations = 0;
    for (int round = 0; round < 150; round++) {
      Path file = directory.resolve("f" + random.nextInt(3) + ".log");
      switch (random.nextInt(8)) {
        case 0 -> {
          if (Files.exists(file)) {
            Files.move(file, directory.resolve("old-" + rotations++));
          }
        }
        case 1 -> {
          rig.dieAfter(random.nextInt(3));
          rig.settleLater();
          rig.restart();
        }
        case 2 -> rig.settleLater();
        case 3 -> rig.step();
        default -> write(random, file, written);
      }
    }
    rig.settleLater();
    rig.clock.advanceMillis(10_000); // What may be the beginning of a copy is left alone so long.
    rig.settle();
    rig.settleLater();

    List<String> stored = new ArrayList<>(rig.lines());
    stored.sort(null);
    written.sort(null);
    assertThat(stored).hasSameSizeAs(written).isEqualTo(written);
  }

  private static void write(RandomGenerator random, Path file, List<String> written) {
    int lines = 1 + random.nextInt(20);
    for (int i = 0; i < lines; i++) {
      String line = written.size() + "x".repeat(random.nextInt(90));
      written.add(line);
      append(file, line + "\n");
    }
  }
}
