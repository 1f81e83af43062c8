package dev.weir.log;

import static dev.weir.log.Entries.drain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DictionaryFramesTest {
  private static final Bytes FIRST = Bytes.utf8("first dictionary ".repeat(100));
  private static final Bytes SECOND = Bytes.utf8("second dictionary ".repeat(100));

  @TempDir Path directory;
  private final FileDisk disk = new FileDisk();
  private final ManualClock clock = new ManualClock();
  private final Recorder recorder = new Recorder();
  private LogConfig config = LogConfig.of("test", Path.of("unused"));

  @BeforeEach
  void useTheTemporaryDirectory() {
    config =
        LogConfig.of("test", directory.resolve("log")).withSegmentBytes(ByteSize.ofKibibytes(64));
  }

  private Log open() throws IOException {
    return Log.openStepped(config, disk, clock, LogHooks.NONE);
  }

  private void append(Log log, int id, Bytes dictionary) {
    Bytes body = Bytes.wrap(new byte[10_000]);
    LogEntry entry =
        new LogEntry(FrameType.DATA, 1, 0, 1, 0, 0, id, dictionary, 0, Bytes.EMPTY, body);
    assertThat(log.offer(entry, recorder)).isTrue();
    drain(log);
  }

  private void fill(Log log) {
    for (int i = 0; i < 24; i++) {
      append(log, i % 3 == 0 ? 2 : 1, i % 3 == 0 ? SECOND : FIRST);
    }
  }

  private static List<LogEvent.Frame> checked(Log log) throws IOException {
    List<LogEvent.Frame> frames = new ArrayList<>();
    try (LogReader reader = log.reader(log.firstOffset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        LogEvent.Frame frame = (LogEvent.Frame) event;
        frames.add(frame);
        if (frame.type() == FrameType.DATA) {
          Bytes expected = frame.dictionaryId() == 1 ? FIRST : SECOND;
          assertThat(reader.dictionary(frame.dictionaryId())).isEqualTo(expected);
          assertThat(reader.dictionary(7)).isEqualTo(Bytes.EMPTY);
        }
      }
    }
    return frames;
  }

  @Test
  void putsEachDictionaryOnceIntoEverySegmentThatUsesIt() throws IOException {
    try (Log log = open()) {
      fill(log);
      assertThat(checked(log)).filteredOn(f -> f.type() == FrameType.DATA).hasSize(24);
      assertThat(log.stats().segments()).isGreaterThan(4);
    }
    VerifyReport report = LogVerifier.verify(disk, config.directory(), _ -> {});
    assertThat(report.isIntact()).isTrue();
    assertThat(report.segments()).allMatch(segment -> segment.dictionaries() >= 1);

    try (Log log = open()) {
      List<LogEvent.Frame> frames = checked(log);
      assertThat(frames.stream().filter(LogEvent.Frame::isDictionary))
          .hasSize(report.segments().stream().mapToInt(s -> s.dictionaries()).sum());
    }
  }

  @Test
  void needsNoSegmentThatRetentionDropped() throws IOException {
    try (Log log = open()) {
      fill(log);
      log.dropBefore(20);
      drain(log);
      assertThat(log.firstOffset()).isGreaterThan(0);
      assertThat(checked(log)).isNotEmpty();
    }
  }

  @Test
  void keepsADictionaryByItself() throws IOException {
    try (Log log = open()) {
      assertThat(log.offer(LogEntry.dictionary(1, FIRST, Bytes.utf8("class")), recorder)).isTrue();
      drain(log);
      append(log, 1, FIRST);
      assertThat(checked(log)).filteredOn(LogEvent.Frame::isDictionary).hasSize(1);
    }
    try (Log log = open();
        LogReader reader = log.recoveryReader()) {
      LogEvent.Frame frame = (LogEvent.Frame) Objects.requireNonNull(reader.next());
      assertThat(frame.payload()).isEqualTo(FIRST);
      assertThat(frame.header().utf8()).isEqualTo("class");
    }
  }

  @Test
  void findsADictionaryAgainWithoutAFooter() throws IOException {
    try (Log log = open()) {
      fill(log);
    }
    Path newest;
    try (var files = Files.list(config.directory())) {
      newest = files.filter(f -> f.toString().endsWith(".seg")).max(Path::compareTo).orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
      file.setLength(file.length() - 8);
    }
    try (Log log = open()) {
      assertThat(checked(log)).filteredOn(f -> f.type() == FrameType.DATA).hasSize(24);
    }
  }

  @Test
  void takesAnotherCopyWhereOneIsDamaged() throws IOException {
    try (Log log = open()) {
      fill(log);
    }
    Path oldest;
    try (var files = Files.list(config.directory())) {
      oldest = files.filter(f -> f.toString().endsWith(".seg")).min(Path::compareTo).orElseThrow();
    }
    String text = Files.readString(oldest, java.nio.charset.StandardCharsets.ISO_8859_1);
    try (RandomAccessFile file = new RandomAccessFile(oldest.toFile(), "rw")) {
      file.seek(text.indexOf("first dictionary") + 50L);
      file.write('X');
    }
    try (Log log = open()) {
      assertThat(checked(log)).filteredOn(f -> f.type() == FrameType.DATA).hasSize(24);
    }
    assertThat(LogVerifier.verify(disk, config.directory(), _ -> {}).isIntact()).isFalse();
  }
}
