package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.BatchSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LinkTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane lane = new MemoryLane(0);

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static LinkServerConfig serverConfig() {
    return LinkServerConfig.of("core-1");
  }

  private static LinkClient connect(URI target, LaneSource... lanes) {
    LinkClientConfig config = LinkClientConfig.of(List.of(target), SOURCE).withBackoff(FAST);
    return LinkClient.start(
        config, List.of(lanes), Clock.SYSTEM, new SplittableRandom(1), LinkListener.NONE);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      long sequence = lane.nextSequence();
      lane.add("t/a", "m" + sequence);
    }
  }

  private static List<String> bodies(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(i -> "m" + i).toList();
  }

  @Test
  void movesFramesInOrderAndSettlesThemWithTheirOffsets() {
    add(100);
    try (TestCore core = TestCore.start(serverConfig(), store, Clock.SYSTEM);
        LinkClient client = connect(core.uri(), lane)) {
      eventually("the first hundred are settled", lane::isSettled);
      add(100);
      client.wake();

      eventually("all are settled", lane::isSettled);
      assertThat(store.bodies()).isEqualTo(bodies(1, 200));
      assertThat(lane.offsets())
          .isEqualTo(LongStream.rangeClosed(1, 200).map(i -> i * 10).boxed().toList());
      eventually("the counters agree", () -> client.stats().ackedFrames() == 200);
      assertThat(client.stats().sentFrames()).isEqualTo(200);
      assertThat(client.stats().inFlightBytes()).isZero();
      assertThat(client.stats().commitMicros()).isEqualTo(700);
      assertThat(core.link().stats().storedFrames()).isEqualTo(200);
      assertThat(client.drain(Duration.ofSeconds(5))).isTrue();
      eventually("the core let go", () -> core.link().stats().sessions() == 0);
      assertThat(core.link().stats().queuedBytes()).isZero();
    }
  }
}
