package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.flow.WindowMode;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.testkit.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Frames as large as they may be, and more of them than the core takes at once.
@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LinkLoadTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  /// What a batch has around its one message.
  private static final int ROOM_BYTES = 4 << 10;

  /// The largest batch is of 16 MiB.
  private static final int LARGEST_BYTES = (16 << 20) - ROOM_BYTES;

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane lane = new MemoryLane(0);
  private final RandomGenerator random = Seeds.random("LinkLoadTest");

  protected LinkLoadTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static LinkServerConfig config(ByteSize frame, ByteSize budget) {
    return LinkServerConfig.of("core-1").withLimits(frame, ByteSize.ofMebibytes(16), budget);
  }

  private LinkClient connect(LinkCore core) {
    LinkClientConfig config =
        path.config(List.of(core.uri()), SOURCE)
            .withWindow(WindowMode.FIXED, ByteSize.ofMebibytes(32))
            .withBackoff(FAST);
    return LinkClient.start(
        config, List.of(lane), Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE);
  }

  private Bytes add(int bytes) {
    byte[] body = new byte[bytes];
    random.nextBytes(body);
    BatchBuilder builder = new BatchBuilder(LARGEST_BYTES + ROOM_BYTES);
    builder.add(Message.of("t", Bytes.wrap(body)));
    Batch batch = builder.build(0, Bytes.EMPTY);
    lane.add(batch);
    return Bytes.wrap(body);
  }

  @Test
  void carriesMessagesOfOneMebibyte() {
    List<Bytes> bodies = LongStream.range(0, 20).mapToObj(_ -> add(1 << 20)).toList();
    try (LinkCore core =
            path.start(
                config(ByteSize.ofMebibytes(2), ByteSize.ofMebibytes(16)), store, Clock.SYSTEM);
        LinkClient client = connect(core)) {
      eventually("all are settled", lane::isSettled);

      assertThat(store.messages()).extracting(Message::body).isEqualTo(bodies);
      eventually("the counters follow", () -> client.stats().ackedFrames() == 20);
      assertThat(client.stats().resentFrames()).isZero();
    }
  }

  @Test
  void carriesTheLargestMessage() {
    List<Bytes> bodies = List.of(add(10), add(LARGEST_BYTES), add(10));
    try (LinkCore core =
            path.start(
                config(new ByteSize(33L << 19), ByteSize.ofMebibytes(64)), store, Clock.SYSTEM);
        LinkClient client = connect(core)) {
      eventually("all are settled", lane::isSettled);

      assertThat(store.messages()).extracting(Message::body).isEqualTo(bodies);
      assertThat(client.stats().refusedFrames()).isZero();
    }
  }

  @Test
  void holdsBackAtTheCreditAndGoesOnAsTheStoreDoes() {
    store.pause(true);
    for (int i = 0; i < 100; i++) {
      add(64 << 10);
    }
    try (LinkCore core =
            path.start(
                config(ByteSize.ofMebibytes(1), ByteSize.ofMebibytes(1)), store, Clock.SYSTEM);
        LinkClient client = connect(core)) {
      eventually(
          "the credit is used up",
          () -> client.stats().inFlightBytes() > 0 && client.stats().creditBytes() < 128 << 10);
      assertThat(core.link().stats().queuedBytes())
          .isLessThanOrEqualTo(ByteSize.ofMebibytes(2).bytes());
      store.pause(false);

      eventually("all are settled", lane::isSettled);
      assertThat(store.messages()).hasSize(100);
      assertThat(core.link().stats().protocolErrors()).isZero();
    }
  }

  @Test
  void sendsAgainWhatTheStoreFailedToKeepInOrderAndOnce() {
    store.failNext(3);
    for (int i = 1; i <= 200; i++) {
      lane.add("t", "m" + i);
    }
    try (LinkCore core = path.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
        LinkClient client = connect(core)) {
      eventually("all are settled", lane::isSettled);

      assertThat(store.order(SOURCE, 0)).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
      assertThat(core.link().stats().nacks()).isPositive();
      eventually("counted", () -> client.stats().resentFrames() > 0);
      assertThat(store.copies()).isZero();
    }
  }
}
