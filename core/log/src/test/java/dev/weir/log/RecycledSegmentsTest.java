package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the files that retention lets go: the next segments, as long as nobody reads
/// them.
final class RecycledSegmentsTest {
  private static final ByteSize SEGMENT = ByteSize.ofMebibytes(1);
  private static final int BODY = 100_000;

  /// Messages behind the first one in the first segment, which is half a segment long.
  private static final int READ_ON = 4;

  /// More than the log holds in memory and more than a reader reads ahead.
  private static final int MANY = 400;

  @TempDir Path temporary;
  private Path directory;
  private final Set<Object> files = new HashSet<>();
  private int segments;

  @BeforeEach
  void createDirectories() throws IOException {
    directory = Files.createDirectory(temporary.resolve("log"));
    var _ = Files.createDirectory(temporary.resolve("links"));
  }

  private Log open() throws IOException {
    Retention small =
        new Retention(
            new ByteSize(4 * SEGMENT.bytes()), Retention.FOREVER.age(), new ByteSize(0), false);
    LogConfig config =
        LogConfig.of("small", directory).withSegmentBytes(SEGMENT).withRetention(small);
    return Log.openStepped(config, new FileDisk(), new ManualClock(), LogHooks.NONE);
  }

  private void append(Log log, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Recorder recorder = new Recorder();
      assertThat(log.offer(LogEntry.data(1, Bytes.EMPTY, Bytes.wrap(new byte[BODY])), recorder))
          .isTrue();
      while (log.step() > 0) {
        // until nothing is left to do
      }
      noteFiles();
    }
  }

  /// A second name for each segment: as long as it has one, no other file gets its number.
  private void noteFiles() throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".seg")).toList()) {
        Path link = temporary.resolve("links").resolve(path.getFileName());
        if (!Files.exists(link)) {
          Files.createLink(link, path);
          files.add(Files.getAttribute(path, "unix:ino"));
          segments++;
        }
      }
    }
  }

  @Test
  void aLogAtItsLimitWritesOverTheSegmentsThatItLetGo() throws IOException {
    try (Log log = open()) {
      append(log, 150);
      assertThat(segments).isGreaterThan(12);
      assertThat(files.size()).isLessThan(7);
      assertThat(log.stats().bytes()).isLessThanOrEqualTo(5 * SEGMENT.bytes());
    }
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(p -> p.getFileName().toString()).filter(SegmentName::isSpare)).isEmpty();
    }
    assertThat(LogVerifier.verify(new FileDisk(), directory, report -> {}).isIntact()).isTrue();
  }

  @Test
  void whatAReaderIsInTheMiddleOfStays() throws IOException {
    try (Log log = open()) {
      append(log, 9);
      try (LogReader reader = log.reader(0)) {
        assertThat(reader.next()).isInstanceOf(LogEvent.Frame.class);
        append(log, MANY);
        assertThat(log.firstOffset()).isGreaterThan(9);
        List<LogEvent> events = Stream.generate(() -> next(reader)).limit(READ_ON).toList();
        assertThat(events)
            .allSatisfy(event ->
                assertThat(event)
                    .isInstanceOfSatisfying(
                        LogEvent.Frame.class,
                        frame -> assertThat(frame.payload().length()).isEqualTo(BODY)));
      }
    }
  }

  @Test
  void whoComesBackToASegmentThatWasUsedAgainMeetsAGap() throws IOException {
    try (Log log = open()) {
      append(log, 9);
      try (LogReader reader = log.reader(0)) {
        assertThat(reader.next()).isInstanceOf(LogEvent.Frame.class);
        reader.park();
        append(log, MANY);
        assertThat(next(reader))
            .isInstanceOfSatisfying(
                LogEvent.Gap.class, gap -> assertThat(gap.reason()).isEqualTo(GapReason.RETENTION));
      }
    }
  }

  private static LogEvent next(LogReader reader) {
    try {
      return Objects.requireNonNull(reader.next());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
