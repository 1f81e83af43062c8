package dev.weir.edge.spool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.encoding.BatchEncoder;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.edge.source.Intake;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BatcherTest {
  private static final BatchPolicy POLICY =
      new BatchPolicy(ByteSize.ofKibibytes(4), Duration.ofMillis(200), 1, true);

  private final ManualClock clock = new ManualClock();
  private final Intake intake = new Intake(1 << 20);
  private final Sink sink = new Sink();
  private final List<String> told = new ArrayList<>();

  @Test
  void lingersForCompanyWhenNobodyWaits() {
    Batcher batcher = batcher(false);
    offer("one");
    batcher.step();
    clock.advanceMillis(199);
    offer("two");
    batcher.step();
    assertThat(sink.frames).isEmpty();
    assertThat(batcher.idleNanos()).isEqualTo(1_000_000);

    clock.advanceMillis(1);
    batcher.step();

    assertThat(bodies()).containsExactly(List.of("one", "two"));
    assertThat(batcher.idleNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void flushesAtOnceForWhoWaitsWhenNothingIsBeingWritten() {
    Batcher batcher = batcher(true);
    offer("one");
    batcher.step();
    assertThat(bodies()).containsExactly(List.of("one"));

    sink.isIdle = false;
    offer("two");
    offer("three");
    batcher.step();
    assertThat(sink.frames).hasSize(1);
    sink.isIdle = true;
    batcher.step();

    assertThat(bodies()).containsExactly(List.of("one"), List.of("two", "three"));
  }

  @Test
  void flushesAtItsSize() {
    Batcher batcher = batcher(false);
    for (int i = 0; i < 10; i++) {
      offer("x".repeat(1000));
    }

    batcher.step();

    assertThat(bodies().stream().map(List::size)).containsExactly(3, 3, 3);
  }

  @Test
  void putsPositionsIntoTheFrameOfTheirData() {
    Batcher batcher = batcher(false);
    put(Map.of("a", Bytes.utf8("1")), "one");
    put(Map.of("b", Bytes.utf8("7")), "two");
    put(Map.of("a", Bytes.utf8("2")), "three");
    batcher.step();
    clock.advanceMillis(200);
    batcher.step();

    SpoolFrame frame = sink.frames.getFirst();
    Map<String, Bytes> expected = Map.of("a", Bytes.utf8("2"), "b", Bytes.utf8("7"));
    assertThat(frame.positions()).isEqualTo(expected);
    Bytes origin = BatchHeader.decode(frame.batch().orElseThrow().header()).origin();
    assertThat(Positions.decode(origin)).isEqualTo(expected);
  }

  @Test
  void neverSplitsADeliveryWithPositions() {
    Batcher batcher = batcher(false);
    put(Map.of("a", Bytes.utf8("1")), "x".repeat(3000));
    put(Map.of("a", Bytes.utf8("2")), "y".repeat(3000), "z".repeat(3000));
    batcher.step();

    assertThat(bodies().stream().map(List::size)).containsExactly(1, 2);
  }

  @Test
  void storesPositionsWithoutData() {
    Batcher batcher = batcher(false);
    put(Map.of("a", Bytes.EMPTY));
    batcher.step();
    clock.advanceMillis(200);
    batcher.step();

    assertThat(sink.frames.getFirst().batch()).isEmpty();
    assertThat(sink.frames.getFirst().positions()).containsEntry("a", Bytes.EMPTY);
  }

  @Test
  void givesAnOversizeMessageAFrameOfItsOwn() {
    Batcher batcher = batcher(true);
    offer("small", "L".repeat(20_000), "other");
    batcher.step();

    assertThat(bodies().stream().map(List::size)).containsExactly(1, 1, 1);
    assertThat(told).isEmpty();
    sink.frames.forEach(frame -> frame.listener().durable());
    assertThat(told).containsExactly("durable");
  }

  @Test
  void tellsADeliveryOnceWhenOneOfItsFramesFails() {
    Batcher batcher = batcher(true);
    offer("a".repeat(3000), "b".repeat(3000), "c".repeat(3000));
    batcher.step();
    assertThat(sink.frames).hasSize(3);

    sink.frames.get(0).listener().durable();
    sink.frames.get(1).listener().failed(new WeirException(ErrorCode.SPOOL_FULL, "full"));
    sink.frames.get(2).listener().durable();

    assertThat(told).containsExactly("WEIR-5001");
  }

  @Test
  void holdsAFrameThatFindsNoRoomAndTakesNothingMore() {
    Batcher batcher = batcher(false);
    sink.isFull = true;
    offer("x".repeat(5000));
    offer("next");
    batcher.step();
    clock.advanceMillis(500);
    batcher.step();
    assertThat(intake.bytes()).isPositive();

    sink.isFull = false;
    clock.advanceMillis(500);
    batcher.step();
    clock.advanceMillis(500);
    batcher.step();

    assertThat(bodies()).containsExactly(List.of("x".repeat(5000)), List.of("next"));
  }

  @Test
  void drainsWithoutLingerOnceTheIntakeIsClosed() {
    Batcher batcher = batcher(false);
    offer("one");
    intake.close();
    assertThat(batcher.awaitDrained(Duration.ZERO)).isFalse();

    batcher.step();

    assertThat(bodies()).containsExactly(List.of("one"));
    assertThat(batcher.awaitDrained(Duration.ZERO)).isTrue();
  }

  @Test
  void makesColumnsOfMetricsUnlessToldNotTo() {
    assertThat(codecOfMetrics(POLICY)).isEqualTo(Codec.COLUMNAR_ZSTD);
    assertThat(codecOfMetrics(new BatchPolicy(POLICY.rawSize(), POLICY.linger(), 1, false)))
        .isEqualTo(Codec.ZSTD);
    assertThat(codecOfMetrics(new BatchPolicy(POLICY.rawSize(), POLICY.linger(), 0, true)))
        .isEqualTo(Codec.NONE);
  }

  private Codec codecOfMetrics(BatchPolicy policy) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 90; i++) {
      text.append("requests_total{code=\"200\",route=\"").append(i % 9).append("\"} ");
      text.append(1000 + i * i).append(" 1767225600000\n");
    }
    Message message =
        Message.of("metrics", text.toString()).withContentType("text/plain; version=0.0.4");
    assertThat(intake.offer(Delivery.of(List.of(message), Map.of(), DeliveryListener.NONE)))
        .isTrue();
    int level = policy.compression().zstdLevel().orElseThrow();
    new Batcher(policy, BatchEncoder.fixed(level), true, intake, sink, clock).step();
    Batch batch = sink.frames.removeLast().batch().orElseThrow();
    assertThat(BatchReader.read(batch)).containsExactly(message);
    return batch.codec();
  }

  @Test
  void closesABatchEarlierWhenTheEncoderSaysSo() {
    BatchEncoder small =
        new BatchEncoder() {
          @Override
          public Batch encode(BatchBuilder builder, Bytes origin) {
            return builder.build(0, origin);
          }

          @Override
          public int fullBytes() {
            return 300;
          }
        };
    offer("a".repeat(200));
    offer("b".repeat(200));
    offer("c".repeat(200));
    intake.close();

    new Batcher(POLICY, small, false, intake, sink, clock).step();

    assertThat(bodies())
        .containsExactly(
            List.of("a".repeat(200)), List.of("b".repeat(200)), List.of("c".repeat(200)));
  }

  private Batcher batcher(boolean isWaitedFor) {
    return new Batcher(POLICY, BatchEncoder.fixed(1), isWaitedFor, intake, sink, clock);
  }

  private void offer(String... bodies) {
    put(Map.of(), bodies);
  }

  private void put(Map<String, Bytes> positions, String... bodies) {
    List<Message> messages = List.of(bodies).stream().map(body -> Message.of("t", body)).toList();
    DeliveryListener listener =
        new DeliveryListener() {
          @Override
          public void durable() {
            told.add("durable");
          }

          @Override
          public void failed(WeirException cause) {
            told.add(cause.code().label());
          }
        };
    assertThat(intake.offer(Delivery.of(messages, positions, listener))).isTrue();
  }

  private List<List<String>> bodies() {
    return sink.frames.stream()
        .map(frame ->
            BatchReader.read(frame.batch().orElseThrow()).stream()
                .map(message -> message.body().utf8())
                .toList())
        .toList();
  }

  private static final class Sink implements FrameSink {
    private final List<SpoolFrame> frames = new ArrayList<>();
    private boolean isIdle = true;
    private boolean isFull;

    @Override
    public boolean offer(SpoolFrame frame) {
      if (!isFull) {
        frames.add(frame);
      }
      return !isFull;
    }

    @Override
    public boolean isIdle() {
      return isIdle;
    }

    @Override
    public void addWake(Runnable wake) {}
  }
}
