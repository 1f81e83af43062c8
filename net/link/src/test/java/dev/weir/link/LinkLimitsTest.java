package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.WindowMode;
import dev.weir.message.BatchSource;
import dev.weir.testkit.ManualClock;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a link says held it back, by a clock that moves only where the test has it move.
final class LinkLimitsTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x77);
  private static final int FRAMES = 2_000;

  private final ManualClock clock = new ManualClock();
  private final MemoryStore store = new MemoryStore(FRAMES * 2);
  private final MemoryLane frames = new MemoryLane(0);

  @AfterEach
  void closeStore() {
    store.close();
  }

  /// Time passes only while the sender reads its frames.
  @Test
  void saysThatTheSenderItselfIsTheLimit() {
    try (TestCore core = TestCore.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
        LinkClient client = connect(core, new SlowLane(frames, clock))) {
      for (int i = 0; i < FRAMES; i++) {
        frames.add("t/a", "body");
      }
      client.wake();

      eventually("the CPU is named", () -> client.stats().limits().of(LimitedBy.CPU) > 0.9);
      eventually("everything is settled", frames::isSettled);
    }
  }

  /// Time passes only while the sender has nothing to do.
  @Test
  void saysThatThereIsNothingToSend() {
    try (TestCore core = TestCore.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
        LinkClient client = connect(core, frames)) {
      frames.add("t/a", "body");
      client.wake();
      eventually("it is settled", frames::isSettled);

      eventually(
          "the sources are named",
          () -> {
            clock.advanceMillis(50);
            return client.stats().limits().of(LimitedBy.SPOOL) > 0.9;
          });
    }
  }

  private LinkClient connect(TestCore core, LaneSource lane) {
    LinkClientConfig config =
        LinkClientConfig.of(List.of(core.uri()), SOURCE)
            .withWindow(WindowMode.FIXED, ByteSize.ofMebibytes(8));
    return LinkClient.start(config, List.of(lane), clock, new SplittableRandom(1), new States());
  }

  /// A lane that takes a millisecond to find a frame.
  private record SlowLane(MemoryLane frames, ManualClock clock) implements LaneSource {
    @Override
    public int lane() {
      return frames.lane();
    }

    @Override
    public long firstUnacked() {
      return frames.firstUnacked();
    }

    @Override
    public long nextSequence() {
      return frames.nextSequence();
    }

    @Override
    public @Nullable LaneFrame peek(long sequence) {
      LaneFrame found = frames.peek(sequence);
      if (found != null) {
        clock.advanceMillis(1);
      }
      return found;
    }

    @Override
    public LaneMatch match(long sequence, int crc32c) {
      return frames.match(sequence, crc32c);
    }

    @Override
    public void settled(LaneSettlement settlement) {
      frames.settled(settlement);
    }

    @Override
    public void refused(long sequence, ErrorCode code, String detail) {
      frames.refused(sequence, code, detail);
    }
  }
}
