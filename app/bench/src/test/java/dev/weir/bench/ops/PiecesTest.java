package dev.weir.bench.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remote.BatchCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What callers are made of.
final class PiecesTest {
  @Test
  void countsAnswersHoweverTheStreamIsCut() {
    byte[] stream =
        "+OK\r\n$3\r\n$9\n\r\n$0\r\n\r\n$12\r\nabcdefghijkl\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    for (int cut = 0; cut <= stream.length; cut++) {
      AnswerCounter counter = new AnswerCounter("$");
      int complete =
          counter.take(part(stream, 0, cut)) + counter.take(part(stream, cut, stream.length));
      assertThat(complete).as("cut at %d", cut).isEqualTo(3);
    }
  }

  @Test
  void passesOverWhatIsNoAnswer() {
    AnswerCounter counter = new AnswerCounter("MSG ");

    int complete =
        counter.take(
            Unpooled.copiedBuffer(
                "INFO {}\r\nPING\r\nMSG in 1 4\r\nPING\r\nPONG\r\n", StandardCharsets.US_ASCII));

    assertThat(complete).isEqualTo(1);
    assertThat(counter.takePings()).as("one stands in a body").isEqualTo(1);
    assertThat(counter.takePings()).isZero();
  }

  private static ByteBuf part(byte[] bytes, int from, int to) {
    return Unpooled.wrappedBuffer(bytes, from, to - from);
  }

  @Test
  void batchesHoldWhatWasAdded() {
    List<byte[]> batches = new ArrayList<>();
    BatchCodec codec = new BatchCodec(batches::add);
    for (int i = 0; i < BatchCodec.MAX_COUNT + 1; i++) {
      codec.add(new byte[] {9, (byte) i, 9}, 1, 1);
    }
    codec.add(new byte[BatchCodec.MAX_BYTES * 2], 0, BatchCodec.MAX_BYTES * 2);
    codec.flush();
    codec.flush();

    List<Integer> lengths = new ArrayList<>();
    for (byte[] batch : batches) {
      BatchCodec.split(batch, (_, _, length) -> lengths.add(length));
    }
    assertThat(batches).hasSize(3);
    assertThat(lengths).hasSize(BatchCodec.MAX_COUNT + 2).contains(1, BatchCodec.MAX_BYTES * 2);
  }

  @Test
  void refusesACutBatch() {
    assertThatThrownBy(() -> BatchCodec.split(new byte[] {0, 0, 0, 2, 7}, (_, _, _) -> {}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void keepsTagsInOrderWhileItGrows() {
    TagQueue tags = new TagQueue();
    for (long i = 0; i < 3_000; i++) {
      tags.add(i);
    }
    for (long i = 0; i < 2_000; i++) {
      assertThat(tags.remove()).isEqualTo(i);
    }
    for (long i = 3_000; i < 20_000; i++) {
      tags.add(i);
    }

    for (long i = 2_000; i < 20_000; i++) {
      assertThat(tags.remove()).isEqualTo(i);
    }
    assertThatThrownBy(tags::remove).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void namesAreReadAsTheyAreWritten() {
    for (OpsWay way : OpsWay.values()) {
      assertThat(OpsWay.parse(way.label())).isEqualTo(way);
    }
    OpsFigures figures = new OpsFigures(1, 2, 3, 4, 5, 6, 7);
    assertThat(OpsFigures.parse(figures.words())).isEqualTo(figures);
    OpsPorts ports = new OpsPorts(1, 2, 3);
    assertThat(OpsPorts.parse(ports.words())).isEqualTo(ports);
  }

  @Test
  void seesHowLateThisMachineWakes() {
    WakeCheck check = WakeCheck.run(Duration.ofMillis(200));

    assertThat(check.p999Millis()).isPositive();
  }
}
