package dev.weir.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolInspectorTest {
  @TempDir private Path directory;
  private Path spool = Path.of("spool");

  @BeforeEach
  void fill() {
    spool = directory.resolve("spool");
    try (SpoolRig rig = new SpoolRig(SpoolRig.config(directory), new FileDisk())) {
      for (int i = 0; i < 5; i++) {
        rig.offer("m" + i, "n" + i);
      }
      rig.deliver(2);
      rig.settle(2);
    }
  }

  @Test
  void listsWhatIsThereAndWhatWasAcked() throws IOException {
    List<SpoolInspector.FrameLine> lines = new ArrayList<>();
    try (SpoolInspector inspector = open()) {
      inspector.list(lines::add);

      assertThat(inspector.source().orElseThrow().agent()).isEqualTo(SpoolRig.AGENT);
      assertThat(inspector.settledSequence(0)).isEqualTo(2);
    }
    assertThat(lines.stream().map(SpoolInspector.FrameLine::sequence))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(lines.stream().filter(SpoolInspector.FrameLine::isAcked)).hasSize(2);
    assertThat(lines).allMatch(line -> line.messages() == 2 && line.topics().contains("a/b"));
  }

  @Test
  void exportsWhatNoCoreHas() throws IOException {
    List<String> bodies = new ArrayList<>();
    try (SpoolInspector inspector = open()) {
      inspector.export().forEachRemaining((Message message) -> bodies.add(message.body().utf8()));
    }

    assertThat(bodies).containsExactly("m2", "n2", "m3", "n3", "m4", "n4");
  }

  @Test
  void findsASoundSpoolSoundAndADamagedOneNot() throws IOException {
    try (SpoolInspector inspector = open()) {
      assertThat(inspector.verify().isSound()).isTrue();
      assertThat(inspector.verify().messages()).isEqualTo(10);
    }
    damage("m2");

    try (SpoolInspector inspector = open()) {
      assertThat(inspector.verify().isSound()).isFalse();
    }
  }

  @Test
  void leavesTheSpoolAsItWasForItsEdge() throws IOException {
    open().close();

    try (SpoolRig rig = new SpoolRig(SpoolRig.config(directory), new FileDisk())) {
      rig.deliverAll();
      assertThat(rig.core.keySet()).containsExactly(3L, 4L, 5L);
    }
  }

  @Test
  void sendsALossMessageForFramesThatTheDiskDidNotKeep() throws IOException {
    damage("m2");

    try (SpoolRig rig = new SpoolRig(SpoolRig.config(directory), new FileDisk())) {
      rig.deliverAll();

      assertThat(rig.core.keySet()).containsExactly(3L, 4L, 5L);
      assertThat(rig.bodies()).containsExactly("m3", "n3", "m4", "n4");
      assertThat(rig.toldLost()).isEqualTo(2);
      assertThat(rig.lost(LossReason.DAMAGE).messages()).isEqualTo(2);
    }
  }

  @Test
  void isRefusedWhileAnEdgeRuns() {
    try (SpoolRig rig = new SpoolRig(SpoolRig.config(directory), new FileDisk())) {
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              WeirException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY_LOCKED))
          .hasMessageContaining("An edge runs on the spool")
          .hasMessageContaining("weir_spool_messages");
      assertThat(rig.offer("still takes messages")).isTrue();
    }
  }

  private SpoolInspector open() throws IOException {
    return SpoolInspector.open(spool, new FileDisk(), new ManualClock());
  }

  private void damage(String body) throws IOException {
    try (var files = Files.list(spool.resolve("log"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = text.indexOf(body);
        if (at >= 0) {
          try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            raw.write('X');
          }
          return;
        }
      }
    }
    throw new AssertionError("no file holds " + body);
  }
}
