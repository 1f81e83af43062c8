package dev.weir.link;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A lane in memory: batches of one message each, kept until they are settled.
final class MemoryLane implements LaneSource {
  private final int lane;
  private final TreeMap<Long, Batch> frames = new TreeMap<>();
  private final List<Long> refused = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private long next = 1;
  private long firstUnacked = 1;
  private long lost;
  private boolean isBroken;
  private boolean isUnreadable;

  MemoryLane(int lane) {
    this.lane = lane;
  }

  synchronized long add(String topic, String body) {
    return add(batch(topic, body));
  }

  synchronized long add(Batch batch) {
    frames.put(next, batch);
    return next++;
  }

  /// A frame that cannot be read when its turn comes.
  synchronized long addLost() {
    lost = next;
    return next++;
  }

  static Batch batch(String topic, String body) {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    builder.add(Message.of(topic, body));
    return builder.build(0, Bytes.EMPTY);
  }

  /// Makes reading fail.
  synchronized void breakDown() {
    isBroken = true;
  }

  @Override
  public int lane() {
    return lane;
  }

  @Override
  public synchronized long firstUnacked() {
    return firstUnacked;
  }

  @Override
  public synchronized long nextSequence() {
    return next;
  }

  @Override
  public synchronized @Nullable LaneFrame peek(long sequence) {
    if (isBroken) {
      throw new IllegalStateException("the test broke the lane");
    }
    if (sequence == lost) {
      return LaneFrame.lost(sequence);
    }
    Batch batch = frames.get(sequence);
    return batch == null ? null : new LaneFrame(sequence, batch);
  }

  @Override
  public synchronized LaneMatch match(long sequence, int crc32c) {
    if (isUnreadable) {
      return LaneMatch.UNREADABLE;
    }
    Batch batch = frames.get(sequence);
    return batch == null || batch.crc32c() == crc32c ? LaneMatch.OWN : LaneMatch.FOREIGN;
  }

  synchronized void unreadable(boolean newUnreadable) {
    isUnreadable = newUnreadable;
  }

  @Override
  public synchronized void settled(LaneSettlement settlement) {
    if (settlement.durableSequence() < firstUnacked) {
      throw new IllegalStateException("settled backwards to " + settlement.durableSequence());
    }
    for (long offset : settlement.baseOffsets()) {
      offsets.add(offset);
    }
    firstUnacked = settlement.durableSequence() + 1;
    frames.headMap(firstUnacked).clear();
  }

  @Override
  public synchronized void refused(long sequence, ErrorCode code, String detail) {
    refused.add(sequence);
  }

  synchronized List<Long> refused() {
    return List.copyOf(refused);
  }

  synchronized List<Long> offsets() {
    return List.copyOf(offsets);
  }

  synchronized boolean isSettled() {
    return firstUnacked == next;
  }
}
