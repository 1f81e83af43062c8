package dev.weir.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.edge.encoding.Trained;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.Dictionary;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolDictionaryTest {
  private static final Dictionary FIRST = Trained.on("x");
  private static final Dictionary SECOND = Trained.on("other");

  @TempDir Path directory;
  private final List<String> written = new ArrayList<>();
  private SpoolRig rig = unset();

  /// Set before each test.
  @SuppressWarnings("NullAway") // the runner calls open() first
  private static SpoolRig unset() {
    return null;
  }

  @BeforeEach
  void open() {
    rig = new SpoolRig(SpoolRig.config(directory), new FileDisk());
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      boolean isFirst = i % 3 != 0;
      String text = Trained.text(isFirst ? "x" : "other", i);
      written.add(text);
      Batch batch = rig.offer(Encoding.with(isFirst ? FIRST : SECOND, 3), text);
      assertThat(batch.dictionary()).isPresent();
    }
  }

  private List<String> delivered() {
    return rig.core.values().stream()
        .flatMap(List::stream)
        .map(Message::body)
        .map(body -> body.utf8())
        .toList();
  }

  @Test
  void givesEachFrameItsDictionaryAfterAStart() {
    fill(900);
    assertThat(rig.spool.stats().log().segments()).isGreaterThan(2);
    rig.restart();

    LaneFrame fifth = Objects.requireNonNull(rig.spool.lanes().live().peek(5));
    assertThat(Objects.requireNonNull(fifth.batch()).dictionary()).contains(FIRST);
    rig.deliver(450);
    rig.settle(450);
    rig.restart();
    rig.deliverAll();

    assertThat(delivered()).isEqualTo(written);
    assertThat(rig.spool.stats().unackedMessages()).isZero();
  }

  @Test
  void isVerifiedAndExportedWithItsDictionaries() throws IOException {
    fill(600);
    rig.close();
    try (SpoolInspector inspector =
        SpoolInspector.open(directory.resolve("spool"), new FileDisk(), Clock.SYSTEM)) {
      SpoolInspector.Verdict verdict = inspector.verify();
      assertThat(verdict.isSound()).isTrue();
      assertThat(verdict.messages()).isEqualTo(600);
      List<String> exported = new ArrayList<>();
      inspector.export().forEachRemaining(message -> exported.add(message.body().utf8()));
      assertThat(exported).isEqualTo(written);
    }
    rig.reopen();
  }

  @Test
  void takesTheCopyOfAnotherSegmentWhereOneIsDamaged() throws IOException {
    fill(900);
    rig.close();
    damage(segments().getFirst());
    rig.reopen();
    rig.deliverAll();

    assertThat(delivered()).isEqualTo(written);
  }

  @Test
  void tellsFramesAsLostWhoseDictionaryIsGone() throws IOException {
    fill(100);
    rig.close();
    segments().forEach(this::damage);
    rig.reopen();
    rig.deliverAll();

    assertThat(lost()).isEqualTo(66);
    assertThat(delivered()).hasSizeGreaterThan(33);
    assertThat(rig.spool.stats().unackedMessages()).isZero();
  }

  @Test
  void knowsAFrameThatWentWithoutItsDictionary() {
    fill(4);
    SpoolLane lane = rig.spool.lanes().live();
    Batch second = Objects.requireNonNull(Objects.requireNonNull(lane.peek(2)).batch());
    Batch third = Objects.requireNonNull(Objects.requireNonNull(lane.peek(3)).batch());

    assertThat(lane.match(2, second.crc32c())).isEqualTo(LaneMatch.OWN);
    assertThat(lane.match(2, second.withoutDictionary().crc32c())).isEqualTo(LaneMatch.OWN);
    assertThat(lane.match(2, third.crc32c())).isEqualTo(LaneMatch.FOREIGN);
    assertThat(lane.match(2, third.withoutDictionary().crc32c())).isEqualTo(LaneMatch.FOREIGN);
  }

  private long lost() {
    return rig.spool.stats().losses().getOrDefault(LossReason.DAMAGE, LossTotal.NONE).messages();
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(directory.resolve("spool").resolve(Spool.LOG_DIRECTORY))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().toList();
    }
  }

  /// Changes a byte of the first dictionary.
  private void damage(Path segment) {
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      byte[] bytes = new byte[(int) file.length()];
      file.readFully(bytes);
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      byte[] dictionary = FIRST.bytes().toArray();
      String sought =
          new String(dictionary, dictionary.length - 60, 60, StandardCharsets.ISO_8859_1);
      int at = text.indexOf(sought);
      file.seek(at);
      file.write(bytes[at] ^ 1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
