package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.WindowMode;
import dev.weir.message.BatchSource;
import dev.weir.proto.LaneAck;
import dev.weir.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Links over a path of 64 ms: what windows do there, by their sizes, not by time.
final class LongPathTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x77);
  private static final Duration ROUND_TRIP = Duration.ofMillis(64);
  private static final int FRAME_BYTES = 64 << 10;

  private final MemoryStore store = new MemoryStore(4_000);
  private final MemoryLane lane = new MemoryLane(0);

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void letsTheWindowGrowToWhatThePathHolds() {
    try (TestCore core = core();
        DelayRelay path = new DelayRelay(core.port(), ROUND_TRIP);
        LinkClient client = connect(path, WindowMode.AUTO, ByteSize.ofMebibytes(32))) {
      add(client, 512);

      eventually(
          "the window holds more than 4 MiB",
          () -> {
            if (lane.isSettled()) {
              add(client, 64);
            }
            return client.stats().windowBytes() > 4 << 20;
          });
      eventually("everything is settled", lane::isSettled);
      eventually("a second was judged", () -> client.stats().limits().most().isPresent());
      LinkStats stats = client.stats();
      assertThat(stats.path().minRttMicros()).isGreaterThanOrEqualTo(64_000);
      assertThat(stats.resentFrames()).isZero();
    }
  }

  @Test
  void isHeldByAFixedWindowThatIsTooSmall() {
    try (TestCore core = core();
        DelayRelay path = new DelayRelay(core.port(), ROUND_TRIP);
        LinkClient client = connect(path, WindowMode.FIXED, ByteSize.ofMebibytes(1))) {
      add(client, 512);

      eventually(
          "the window holds it back for most of a second",
          () -> client.stats().limits().of(LimitedBy.WINDOW) > 0.5);
      LinkStats stats = client.stats();
      assertThat(stats.windowBytes()).isEqualTo(1 << 20);
      assertThat(stats.inFlightBytes()).isLessThanOrEqualTo(1 << 20);
      assertThat(stats.path().minRttMicros()).isGreaterThanOrEqualTo(64_000);
    }
  }

  /// What waits at the core, for room or for the store, is told as the core's time.
  @Test
  void tellsTheCoresTimeWithEachAck() {
    ManualClock clock = new ManualClock();
    try (TestCore core = TestCore.start(LinkServerConfig.of("core-1"), store, clock);
        RawStream stream = new RawStream(core.port())) {
      stream.hello("edge-1", 0x77);
      store.pause(true);
      stream.sendFrame(RawStream.frame(1, "one"));
      eventually("the store has it", () -> store.queued() == 1);
      clock.advanceMillis(300);
      store.pause(false);

      eventually("it is acked", () -> stream.acked() == 1);
      LaneAck ack = stream.responses().getLast().getLaneAck();
      assertThat(ack.getCommitMicros()).isEqualTo(700);
      assertThat(ack.getQueueMicros()).isEqualTo(300_000 - 700);
    }
  }

  private TestCore core() {
    return TestCore.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
  }

  private LinkClient connect(DelayRelay path, WindowMode mode, ByteSize window) {
    LinkClientConfig config =
        LinkClientConfig.of(List.of(path.uri()), SOURCE).withWindow(mode, window);
    return LinkClient.start(
        config, List.of(lane), Clock.SYSTEM, new SplittableRandom(1), new States());
  }

  private void add(LinkClient client, int frames) {
    String body = "x".repeat(FRAME_BYTES);
    for (int i = 0; i < frames; i++) {
      lane.add(MemoryLane.batch("t/a", body));
    }
    client.wake();
  }
}
