package dev.weir.edge.source;

import static dev.weir.edge.source.TailRig.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileTailTest {
  @TempDir private Path directory;
  private Path log;

  @BeforeEach
  void name() {
    log = directory.resolve("app.log");
  }

  @Test
  void readsFromTheBeginningAndThenWhatComes() {
    append(log, "one\ntwo\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    append(log, "three\n");
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two", "three");
    assertThat(rig.tail().lagBytes()).isZero();
  }

  @Test
  void waitsForTheEndOfALine() {
    append(log, "one\ntw");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();
    assertThat(rig.lines()).containsExactly("one");
    assertThat(rig.tail().lagBytes()).isEqualTo(2);

    append(log, "o\n");
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two");
  }

  @Test
  void putsACharacterTogetherThatTwoWritesMade() throws IOException {
    TailRig rig = TailRig.of(directory, "app.log");
    byte[] euro = "€\n".getBytes(StandardCharsets.UTF_8);
    for (byte b : euro) {
      Files.write(log, new byte[] {b}, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      rig.settleLater();
    }

    assertThat(rig.lines()).containsExactly("€");
  }

  @Test
  void startsAtTheEndOnlyAtTheVeryFirstStart() {
    append(log, "old\nold and unfin");
    TailRig rig = new TailRig(TailRig.config(directory, "*.log").from(FileConfig.StartsAt.END));
    rig.settle();
    append(log, "ished\n");
    rig.settle();
    assertThat(rig.lines()).containsExactly("old and unfinished");

    append(directory.resolve("later.log"), "new while running\n");
    rig.settleLater();
    append(directory.resolve("down.log"), "new while down\n");
    append(log, "more\n");
    rig.restart();
    rig.settle();

    assertThat(rig.lines())
        .containsExactlyInAnyOrder(
            "old and unfinished", "new while running", "new while down", "more");
  }

  @Test
  void followsARenamedFileToItsEnd() throws IOException {
    append(log, "one\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    append(log, "two\n");
    Path rotated = Files.move(log, directory.resolve("app.log.1"));
    append(log, "new one\n");
    rig.settleLater();
    append(rotated, "late\n");
    rig.settleLater();

    assertThat(rig.lines()).containsExactlyInAnyOrder("one", "two", "new one", "late");
    assertThat(rig.tail().fileCount()).isEqualTo(2);
  }

  @Test
  void readsARenamedFileOnceWhenBothNamesAreWatched() throws IOException {
    append(log, "one\n");
    TailRig rig = TailRig.of(directory, "app.log*");
    rig.settle();

    Files.move(log, directory.resolve("app.log.1"));
    append(log, "two\n");
    rig.settleLater();
    rig.restart();
    rig.settleLater();

    assertThat(rig.lines()).containsExactly("one", "two");
  }

  @Test
  void findsWhatWasRenamedWhileNobodyLooked() throws IOException {
    append(log, "one\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    append(log, "two\n");
    Files.move(log, directory.resolve("app.log.1"));
    append(log, "three\n");
    rig.restart();
    rig.settleLater();

    assertThat(rig.lines()).containsExactlyInAnyOrder("one", "two", "three");
  }

  @Test
  void readsADeletedFileToItsEndAndThenLetsGo() throws IOException {
    append(log, "one\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    try (FileChannel writer = FileChannel.open(log, StandardOpenOption.APPEND)) {
      write(writer, "two\n");
      Files.delete(log);
      rig.settleLater();
      write(writer, "three\nand a half");
      rig.settleLater();
    }
    assertThat(rig.lines()).containsExactly("one", "two", "three");
    rig.clock.advance(FileConfig.DEFAULT_HOLD);
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two", "three", "and a half");
    assertThat(rig.tail().fileCount()).isZero();
    assertThat(rig.positions).isEmpty();
  }

  @Test
  void noticesACutFile() throws IOException {
    append(log, "one\ntwo\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    Files.writeString(log, "new\n");
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two", "new");
  }

  @Test
  void noticesAFileCutAndWrittenToTheSameSize() throws IOException {
    append(log, "one\ntwo\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    Files.writeString(log, "eno\nowt\n");
    Files.setLastModifiedTime(log, FileTime.from(Instant.parse("2026-05-05T05:05:05Z")));
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two", "eno", "owt");
  }

  @Test
  void noticesAFileCutAndWrittenLarger() throws IOException {
    append(log, "one\ntwo\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    Files.writeString(log, "a much longer first line\nand a second one\n");
    rig.settle();

    assertThat(rig.lines())
        .containsExactly("one", "two", "a much longer first line", "and a second one");
  }

  @Test
  void noticesWhileDownThatAFileWasCut() throws IOException {
    append(log, "one\ntwo\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    Files.writeString(log, "a much longer first line\n");
    rig.restart();
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two", "a much longer first line");
  }

  @Test
  void flagsALineThatACutTore() throws IOException {
    append(log, "one\nhalf a li");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();

    Files.writeString(log, "new\n");
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "half a li", "new");
    assertThat(rig.stored.get(1).headers()).containsEntry(Line.SPLIT_HEADER, "1+");
  }

  @Test
  void readsOfACopyOnlyWhatTheOriginalLostByTheCut() throws IOException {
    String body = "a line of some length that makes the file long enough\n".repeat(10);
    append(log, body);
    TailRig rig = TailRig.of(directory, "app.log*");
    rig.settle();

    append(log, "written after the last look\n");
    Files.copy(log, directory.resolve("app.log.1"));
    Files.writeString(log, "new\n");
    rig.settleLater();
    rig.settleLater();

    assertThat(rig.lines()).hasSize(12).contains("written after the last look", "new");
    rig.restart();
    rig.settleLater();
    assertThat(rig.lines()).hasSize(12);
  }

  @Test
  void readsNothingOfACopyThatIsStillGrowing() throws IOException {
    String body = "a line of some length that makes the file long enough\n".repeat(20);
    append(log, body);
    TailRig rig = TailRig.of(directory, "app.log*");
    rig.settle();

    Path copy = directory.resolve("app.log.1");
    append(copy, body.substring(0, 500));
    rig.settleLater();
    append(copy, body.substring(500));
    rig.settleLater();
    assertThat(rig.lines()).hasSize(20);
    Files.writeString(log, "new\n");
    rig.settleLater();

    assertThat(rig.lines()).hasSize(21);
  }

  @Test
  void readsAnotherFileWithTheSameBannerInFull() {
    String banner =
        "the same banner in every file, long enough for a fingerprint of it\n".repeat(5);
    append(log, banner + "one\n");
    TailRig rig = TailRig.of(directory, "app.log*");
    rig.settle();

    append(directory.resolve("app.log.other"), banner + "two and something more of it\n");
    rig.settleLater();

    assertThat(rig.lines()).hasSize(12);
  }

  @Test
  void takesAReusedNumberForANewFile() throws IOException {
    append(log, "one\ntwo\n");
    TailRig rig = TailRig.of(directory, "app.log");
    rig.settle();
    FilePosition position = FilePosition.decode(rig.positions.values().iterator().next());

    Files.delete(log);
    append(log, "other content of a new file\n");
    String newKey = "file/t/" + FileIdentity.of(log).text();
    rig.positions.clear();
    rig.positions.put(newKey, position.encode());
    rig.restart();
    rig.settle();

    assertThat(rig.lines()).containsExactly("one", "two", "other content of a new file");
  }

  @Test
  void leavesCompressedFilesAloneUnlessTold() throws IOException {
    Path gz = directory.resolve("app.log.2.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write("old\n".getBytes(StandardCharsets.UTF_8));
    }
    append(log, "one\n");
    TailRig rig = TailRig.of(directory, "app.log*");
    rig.settle();
    assertThat(rig.lines()).containsExactly("one");

    FileConfig binary = TailRig.config(directory, "*.gz");
    TailRig taking =
        new TailRig(
            new FileConfig(
                "b",
                "b",
                binary.globs(),
                FileConfig.StartsAt.BEGINNING,
                Optional.empty(),
                binary.maxLine(),
                Duration.ZERO,
                true,
                false,
                10));
    taking.settle();
    Files.delete(gz);
    taking.settleLater();
    taking.settleLater();

    assertThat(taking.stored).isNotEmpty();
    assertThat(taking.stored.getFirst().body().at(0)).isEqualTo((byte) 0x1f);
    assertThat(taking.stored.getFirst().headers()).containsEntry("file", gz.toString());
  }

  @Test
  void sendsAnEventThatNoFurtherLineEnds() {
    append(log, "[1] a\n  at x\n");
    Multiline multiline = new Multiline(Pattern.compile("^\\["), Duration.ofSeconds(2));
    TailRig rig = new TailRig(TailRig.config(directory, "app.log").with(multiline));
    rig.settle();
    assertThat(rig.lines()).isEmpty();

    rig.clock.advanceMillis(1_999);
    rig.settle();
    assertThat(rig.lines()).isEmpty();
    rig.clock.advanceMillis(1);
    rig.settle();

    assertThat(rig.lines()).containsExactly("[1] a\n  at x");
  }

  @Test
  void splitsALongLineAndGoesOnWithTheNextPartAfterARestart() {
    FileConfig config = TailRig.config(directory, "app.log");
    FileConfig small =
        new FileConfig(
            config.name(),
            config.topic(),
            config.globs(),
            config.startsAt(),
            Optional.empty(),
            new ByteSize(16),
            config.hold(),
            false,
            true,
            10);
    append(log, "0123456789abcdefghij");
    TailRig rig = new TailRig(small);
    rig.settle();
    rig.restart();
    append(log, "klmnopq\n");
    rig.settle();

    assertThat(rig.lines()).containsExactly("0123456789abcdef", "ghijklmnopq");
    assertThat(rig.stored.get(1).headers()).containsEntry(Line.SPLIT_HEADER, "2");
  }

  @Test
  void bringsManyFilesAndPatterns() throws IOException {
    Path deep = Files.createDirectories(directory.resolve("a/b/c"));
    append(deep.resolve("x.log"), "deep\n");
    append(directory.resolve("y.txt"), "flat\n");
    append(directory.resolve("no.dat"), "not wanted\n");
    append(directory.resolve("odd [name].log"), "odd\n");
    TailRig rig =
        new TailRig(
            FileConfig.of(
                "t",
                "t",
                List.of(
                    directory + "/**/*.log",
                    directory + "/{y,z}.txt",
                    directory.resolve("odd \\[name\\].log").toString())));

    rig.settle();

    assertThat(rig.lines()).containsExactlyInAnyOrder("deep", "flat", "odd");
  }

  @Test
  void takesAPlainPathAsItStands() {
    Path odd = directory.resolve("plain.log");
    append(odd, "x\n");
    TailRig rig = new TailRig(FileConfig.of("t", "t", List.of(odd.toString())));

    rig.settle();

    assertThat(rig.lines()).containsExactly("x");
  }

  @Test
  void leavesFilesAsideBeyondItsLimitAndSaysSo() {
    FileConfig config = TailRig.config(directory, "*");
    for (int i = 0; i < 5; i++) {
      append(directory.resolve("f" + i), i + "\n");
    }
    TailRig rig =
        new TailRig(
            new FileConfig(
                "t",
                "t",
                config.globs(),
                config.startsAt(),
                Optional.empty(),
                config.maxLine(),
                Duration.ZERO,
                false,
                true,
                3));

    rig.settle();

    assertThat(rig.lines()).containsExactly("0", "1", "2");
    assertThat(rig.tail().detail()).contains("2 files are left aside");
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
