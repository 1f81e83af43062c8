package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of frames that a core will never take: their messages are tried one by one under
/// new numbers; one that is alone already is kept aside and counted.
///
/// Problem: a refusal is told again after a lost connection and after a crash of either side, until
/// its frame is settled; nothing of the frame may be doubled by that, and nothing lost. Idea: each
/// message that is tried again carries, as a position of its frame, how many of the refused frame's
/// are done; so the same write that makes it durable remembers it. And a refused frame is not
/// settled before all that replaces it is durable.
///
/// Each lane has its own: a refused frame belongs to the lane that it was numbered on, while what
/// replaces it goes on the live one. A lane that is gone takes its marks along ([SpoolState]); it
/// is not gone before all that replaces its frames is durable.
///
/// A monitor: the link's thread calls, the log's thread tells what is durable.
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final String KEY = "spool:refused:";
  private static final char LANE_END = ':';

  /// Marks a frame that was put aside as a whole.
  private static final int ALL = -1;

  /// Old marks that one frame takes away; all that fit beside other positions.
  private static final int MAX_FORGOTTEN = 128;

  private final LaneAccount account;
  private final SpoolLedger ledger;
  private final SpoolAppender appender;
  private final RefusedFrames aside;
  private final Clock clock;

  /// Frames that were refused since this process began and are not settled, with how many of their
  /// replacements are not durable yet.
  private final TreeMap<Long, Integer> open = new TreeMap<>();

  private long told;

  Refusals(
      LaneAccount account,
      SpoolLedger ledger,
      SpoolAppender appender,
      RefusedFrames aside,
      Clock clock) {
    this.account = account;
    this.ledger = ledger;
    this.appender = appender;
    this.aside = aside;
    this.clock = clock;
  }

  synchronized boolean isKnown(long sequence) {
    return open.containsKey(sequence);
  }

  /// A frame of the lane was refused for good.
  synchronized void add(long sequence, Batch batch) {
    if (open.containsKey(sequence)) {
      return;
    }
    int done = done(ledger.positions().get(key(account.number(), sequence)));
    open.put(sequence, 0);
    List<Message> messages = read(sequence, batch);
    if (messages.size() > 1) {
      for (int i = done == ALL ? messages.size() : done; i < messages.size(); i++) {
        retry(sequence, messages.get(i), i + 1);
      }
    } else if (done != ALL) {
      putAside(sequence, batch);
    }
  }

  private List<Message> read(long sequence, Batch batch) {
    try {
      return BatchReader.read(batch);
    } catch (WeirException e) {
      LOG.warn(
          "frame {} of lane {} does not decode: {}", sequence, account.number(), e.getMessage());
      return List.of();
    }
  }

  private void retry(long sequence, Message message, int done) {
    Map<String, Bytes> positions = new HashMap<>();
    if (done == 1) {
      forgetSettled(positions);
    }
    positions.put(key(account.number(), sequence), mark(done));
    BatchBuilder builder = new BatchBuilder(1 << 10);
    builder.add(message);
    begin(sequence);
    appender.add(builder.build(1, Positions.encode(positions)), 0, positions, () -> end(sequence));
  }

  private void putAside(long sequence, Batch batch) {
    aside.keep(account.number(), sequence, batch);
    LossTotal total = new LossTotal(batch.count(), batch.weight());
    LossRange range =
        new LossRange(
            sequence,
            sequence,
            total.messages(),
            total.bytes(),
            0,
            0,
            clock.epochMicros(),
            LossReason.REFUSED);
    begin(sequence);
    appender.add(
        account.number(),
        List.of(range),
        () -> {
          ledger.lost(LossReason.REFUSED, total);
          ledger.positions(putAside(account.number(), range));
          end(sequence);
        });
  }

  /// What a loss record of a refused frame says of positions; also when it is read again.
  static Map<String, Bytes> putAside(int lane, LossRange range) {
    return Map.of(key(lane, range.firstSequence()), mark(ALL));
  }

  /// Lane 0 has no number in its keys: so they were written when there was no other lane.
  private static String key(int lane, long sequence) {
    return lane == 0 ? KEY + sequence : KEY + lane + LANE_END + sequence;
  }

  /// Whether a position is the mark of a frame of a lane.
  static boolean isMark(String key, int lane) {
    if (!key.startsWith(KEY)) {
      return false;
    }
    int end = key.indexOf(LANE_END, KEY.length());
    return lane == (end < 0 ? 0 : Integer.parseInt(key, KEY.length(), end, 10));
  }

  private static long sequence(String key) {
    int start = Math.max(KEY.length(), key.indexOf(LANE_END, KEY.length()) + 1);
    return Long.parseLong(key, start, key.length(), 10);
  }

  private void forgetSettled(Map<String, Bytes> positions) {
    long settled = account.settledSequence();
    ledger.positions().keySet().stream()
        .filter(key -> isMark(key, account.number()))
        .filter(key -> sequence(key) <= settled)
        .limit(MAX_FORGOTTEN)
        .forEach(key -> positions.put(key, Bytes.EMPTY));
  }

  private static Bytes mark(int done) {
    return Bytes.wrap(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(done).array());
  }

  private static int done(@Nullable Bytes mark) {
    return mark == null || mark.length() != Integer.BYTES
        ? 0
        : mark.buffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private void begin(long sequence) {
    open.merge(sequence, 1, Integer::sum);
  }

  private synchronized void end(long sequence) {
    open.computeIfPresent(sequence, (_, left) -> left - 1);
    settle();
  }

  /// A core has everything up to a sequence.
  synchronized void settled(long sequence) {
    told = Math.max(told, sequence);
    settle();
  }

  private void settle() {
    long upTo = told;
    for (Map.Entry<Long, Integer> frame : open.headMap(told, true).entrySet()) {
      if (frame.getValue() > 0) {
        upTo = frame.getKey() - 1;
        break;
      }
    }
    open.headMap(upTo, true).clear();
    account.settled(upTo);
    ledger.removeFinished();
  }
}
