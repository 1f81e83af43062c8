package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that another program follows, never further ahead than allowed.
final class LineFeedTest {
  private static final DataPool LINES =
      new DataPool(DataSet.LOGS, 7, ByteSize.ofMebibytes(1)).asLines();

  @TempDir private Path directory;
  private Path input;
  private Path output;

  @BeforeEach
  void create() throws IOException {
    input = Files.createFile(directory.resolve("input"));
    output = directory.resolve("output");
  }

  @Test
  void appendsOneBodyALine() throws IOException {
    try (LineFeed feed = new LineFeed(LINES, input, output, 1 << 30, Clock.SYSTEM)) {
      feed.offer(200_000, Duration.ofMinutes(1));

      assertThat(Files.readAllLines(input)).hasSize((int) feed.lines());
      assertThat(Files.size(input)).isGreaterThanOrEqualTo(200_000);
    }
  }

  @Test
  void waitsWhileTooLittleHasArrived() throws IOException {
    try (LineFeed feed = new LineFeed(LINES, input, output, 100_000, Clock.SYSTEM)) {
      feed.offer(10_000_000, Duration.ofMillis(50));

      assertThat(Files.size(input)).isBetween(100_000L, 100_000L + 300_001);
      assertThat(feed.awaitArrived(Duration.ofMillis(10))).isFalse();
    }
  }

  @Test
  void seesThatEverythingHasArrived() throws IOException {
    try (LineFeed feed = new LineFeed(LINES, input, output, 100_000, Clock.SYSTEM)) {
      feed.offer(50_000, Duration.ofMinutes(1));
      Files.copy(input, output);

      assertThat(feed.awaitArrived(Duration.ofMinutes(1))).isTrue();
    }
  }
}
