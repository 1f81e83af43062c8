package dev.weir.gateway.grpc;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A spool that holds a fixed number of frames of two messages each; one of them does not decode.
final class EdgeLane implements LaneSource {
  private final int lane;
  private final long frames;
  private final long damaged;
  private final List<Long> refused = new CopyOnWriteArrayList<>();
  private volatile long firstUnacked = 1;

  EdgeLane(int lane, long frames, long damaged) {
    this.lane = lane;
    this.frames = frames;
    this.damaged = damaged;
  }

  String topic() {
    return "lane/" + lane;
  }

  boolean isSettled() {
    return firstUnacked == frames + 1;
  }

  List<Long> refused() {
    return refused;
  }

  @Override
  public int lane() {
    return lane;
  }

  @Override
  public long firstUnacked() {
    return firstUnacked;
  }

  @Override
  public long nextSequence() {
    return frames + 1;
  }

  @Override
  public @Nullable LaneFrame peek(long sequence) {
    if (sequence > frames) {
      return null;
    }
    BatchBuilder builder = new BatchBuilder(1 << 20);
    for (String part : List.of("first", "second")) {
      if (!builder.add(Message.of(topic(), sequence + " " + part))) {
        throw new IllegalStateException("too large");
      }
    }
    Batch good = builder.build(0, Bytes.EMPTY);
    Batch batch =
        sequence == damaged
            ? new Batch(good.codec(), 9, good.rawLength(), good.header(), good.payload())
            : good;
    return new LaneFrame(sequence, batch);
  }

  @Override
  public LaneMatch match(long sequence, int crc32c) {
    LaneFrame frame = peek(sequence);
    Batch batch = frame == null ? null : frame.batch();
    return batch == null || batch.crc32c() == crc32c ? LaneMatch.OWN : LaneMatch.FOREIGN;
  }

  @Override
  public void settled(LaneSettlement settlement) {
    firstUnacked = settlement.durableSequence() + 1;
  }

  @Override
  public void refused(long sequence, ErrorCode code, String detail) {
    if (!refused.contains(sequence)) {
      refused.add(sequence);
    }
  }
}
