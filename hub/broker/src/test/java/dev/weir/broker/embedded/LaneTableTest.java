package dev.weir.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.WeirException;
import dev.weir.broker.LaneSequence;
import dev.weir.broker.PublishListener;
import dev.weir.message.BatchSource;
import dev.weir.message.Receipt;
import dev.weir.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LaneTableTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 77);

  private final LaneTable lanes = new LaneTable(3, 1_000);

  private static LaneSequence at(int lane, long sequence) {
    return new LaneSequence(SOURCE, lane, sequence);
  }

  private PendingAppend enqueue(int lane, long sequence, long micros) {
    LaneSequence identity = at(lane, sequence);
    EmbeddedEngineConfig config = EmbeddedEngineConfig.of(Path.of("unused"));
    PendingAppend pending =
        PendingAppend.passing(
            new Admission(config, new ManualClock(), List.of()), 0, identity, null, new Nobody());
    lanes.enqueue(identity, pending, micros);
    return pending;
  }

  @Test
  void takesSequencesInOrder() {
    PendingAppend first = enqueue(0, 1, 10);

    assertThat(lanes.judge(at(0, 1))).isEqualTo(LaneTable.Verdict.IN_FLIGHT);
    assertThat(lanes.judge(at(0, 2))).isEqualTo(LaneTable.Verdict.NEXT);
    assertThat(lanes.judge(at(0, 3))).isEqualTo(LaneTable.Verdict.GAP);
    assertThat(lanes.expected(at(0, 3))).isEqualTo(2);

    lanes.settle(at(0, 1), first, 20);
    assertThat(lanes.judge(at(0, 1))).isEqualTo(LaneTable.Verdict.STORED);
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(1);
  }

  @Test
  void beginsAnUnknownLaneAnywhere() {
    assertThat(lanes.judge(at(0, 501))).isEqualTo(LaneTable.Verdict.NEXT);

    PendingAppend pending = enqueue(0, 501, 10);

    assertThat(lanes.durable(SOURCE, 0)).isZero();
    lanes.settle(at(0, 501), pending, 20);
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(501);
    assertThat(lanes.gaps()).isEqualTo(1);
  }

  @Test
  void fallsBackBeforeWhatFailed() {
    lanes.settle(at(0, 1), enqueue(0, 1, 10), 10);
    PendingAppend second = enqueue(0, 2, 10);
    PendingAppend third = enqueue(0, 3, 10);

    lanes.fail(at(0, 2), second);

    assertThat(third.isVoid()).isTrue();
    assertThat(lanes.judge(at(0, 3))).isEqualTo(LaneTable.Verdict.GAP);
    assertThat(lanes.judge(at(0, 2))).isEqualTo(LaneTable.Verdict.NEXT);

    lanes.fail(at(0, 3), third);
    lanes.settle(at(0, 2), enqueue(0, 2, 10), 10);
    assertThat(lanes.judge(at(0, 3))).isEqualTo(LaneTable.Verdict.NEXT);
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(2);
  }

  @Test
  void expectsTheFirstSequenceAgainAfterItFailed() {
    lanes.fail(at(0, 501), enqueue(0, 501, 10));

    assertThat(lanes.judge(at(0, 502))).isEqualTo(LaneTable.Verdict.GAP);
    assertThat(lanes.judge(at(0, 501))).isEqualTo(LaneTable.Verdict.NEXT);
  }

  @Test
  void goesOnWhereASenderResumes() {
    lanes.settle(at(0, 1), enqueue(0, 1, 10), 10);
    lanes.resume(SOURCE, 0, 201);

    assertThat(lanes.judge(at(0, 2))).isEqualTo(LaneTable.Verdict.NEXT);
    assertThat(lanes.judge(at(0, 201))).isEqualTo(LaneTable.Verdict.NEXT);
    assertThat(lanes.judge(at(0, 202))).isEqualTo(LaneTable.Verdict.GAP);

    PendingAppend resumed = enqueue(0, 201, 10);
    assertThat(lanes.judge(at(0, 150))).isEqualTo(LaneTable.Verdict.GAP);
    lanes.fail(at(0, 201), resumed);
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(1);
    assertThat(lanes.judge(at(0, 201))).isEqualTo(LaneTable.Verdict.NEXT);
  }

  @Test
  void forgetsTheLongestUnusedLaneWhenThereAreTooMany() {
    for (int lane = 0; lane < 3; lane++) {
      lanes.settle(at(lane, 1), enqueue(lane, 1, 10), 10);
    }
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(1); // used again

    lanes.settle(at(9, 1), enqueue(9, 1, 10), 10);

    assertThat(lanes.size()).isEqualTo(3);
    assertThat(lanes.evicted()).isEqualTo(1);
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(1);
    assertThat(lanes.durable(SOURCE, 1)).isZero();
  }

  @Test
  void keepsLanesWithFramesInFlight() {
    for (int lane = 0; lane < 5; lane++) {
      assertThat(enqueue(lane, 1, 10).isVoid()).isFalse();
    }

    assertThat(lanes.size()).isEqualTo(5);
    assertThat(lanes.evicted()).isZero();
  }

  @Test
  void forgetsLanesAfterTheirExpiry() {
    lanes.settle(at(0, 7), enqueue(0, 7, 10), 10);

    lanes.expire(1_010);
    assertThat(lanes.durable(SOURCE, 0)).isEqualTo(7);
    lanes.expire(1_011);
    assertThat(lanes.size()).isZero();
  }

  @Test
  void limitsAreChecked() {
    EmbeddedEngineConfig config = EmbeddedEngineConfig.of(Path.of("unused"));

    assertThat(config.withLanes(Duration.ofDays(1), 5).maxLanes()).isEqualTo(5);
    assertThat(config.withSizes(ByteSize.ofMebibytes(1), ByteSize.ofMebibytes(2)).queueBytes())
        .isEqualTo(ByteSize.ofMebibytes(2));
  }

  private static final class Nobody implements PublishListener {
    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {}

    @Override
    public void failed(WeirException cause) {}
  }
}
