package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.log.LogSnapshot;
import dev.weir.message.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rebuilds the spool's state when it is opened: the newest snapshot, then the frames after it,
/// which lie in one segment. Runs before the first append, on the opening thread.
final class SpoolReplay {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolReplay.class);

  private SpoolReplay() {}

  /// @param newest number of the newest lane, as far as the cursor file knows
  /// @param freshIncarnation drawn when the log is new
  static SpoolState run(Log log, int newest, LongSupplier freshIncarnation) throws IOException {
    Optional<LogSnapshot> snapshot = log.snapshot();
    SpoolState state =
        snapshot.isPresent()
            ? SpoolState.decode(snapshot.get().payload())
            : new SpoolState(freshIncarnation.getAsLong());
    long goneMessages = 0;
    try (LogReader reader = log.recoveryReader()) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        switch (event) {
          case LogEvent.Gap gap -> goneMessages += gap.toOffset() - gap.fromOffset();
          case LogEvent.Frame frame -> goneMessages = apply(state, frame, goneMessages);
        }
      }
    }
    finish(log, state, newest, goneMessages);
    return state;
  }

  /// Numbers that were given to frames of which nothing is left must not be given again: each frame
  /// held at least one message. The newest lane may have begun in a part that is gone, or not at
  /// all.
  private static void finish(Log log, SpoolState state, int newest, long goneMessages) {
    if (goneMessages > 0) {
      LOG.error("the newest {} messages of the spool are damaged", goneMessages);
      state.live().skip(goneMessages);
    }
    if (newest > state.live().number()) {
      state.roll(newest, log.durableOffset()).skip(goneMessages);
    }
  }

  private static long apply(SpoolState state, LogEvent.Frame frame, long goneMessages) {
    switch (frame.type()) {
      case DATA -> {
        data(state, frame, goneMessages);
        return 0;
      }
      case CONTROL -> {
        if (!frame.isDictionary()) {
          state.positions(positions(frame.header()));
        }
      }
      case LOSS -> losses(state, frame.lane(), frame.payload());
      case PAD, SEAL, SNAP, HOLE -> {}
    }
    return goneMessages;
  }

  private static void data(SpoolState state, LogEvent.Frame frame, long goneMessages) {
    if (frame.lane() > state.live().number()) {
      // Of what is gone before it, as much belongs to its own lane as has numbers there.
      long own = Math.min(goneMessages, frame.laneSequence() - 1);
      state.live().skip(goneMessages - own);
      state.roll(frame.lane(), frame.baseOffset() - own);
    }
    boolean isNew =
        frame.lane() == state.live().number()
            && frame.laneSequence() >= state.live().nextSequence();
    int weight = SpoolState.weight(frame.header().length(), frame.payload().length());
    state.data(
        frame.lane(), frame.laneSequence(), weight, frame.endOffset(), positions(frame.header()));
    if (isNew && (frame.flags() & SpoolAppender.REPORT_FLAG) != 0) {
      LossTotal total = LossMessages.total(SpoolDictionaries.batch(frame));
      state.lost(LossReason.DROP_NEWEST, total.messages(), total.bytes());
    }
  }

  private static Map<String, Bytes> positions(Bytes header) {
    try {
      return Positions.decode(BatchHeader.decode(header).origin());
    } catch (WeirException e) {
      LOG.error("a frame of the spool has no readable positions: {}", e.getMessage());
      return Map.of();
    }
  }

  private static void losses(SpoolState state, int lane, Bytes payload) {
    for (LossRange range : ranges(payload)) {
      if (range.reason() == LossReason.REFUSED) {
        state.lost(range.reason(), range.messages(), range.bytes());
        if (state.lane(lane) != null) {
          state.positions(Refusals.putAside(lane, range));
        }
      } else {
        state.lost(lane, range);
      }
    }
  }

  static List<LossRange> ranges(Bytes payload) {
    ByteBuffer in = payload.buffer().order(ByteOrder.LITTLE_ENDIAN);
    List<LossRange> ranges = new ArrayList<>();
    while (in.remaining() >= LossRange.ENCODED_BYTES) {
      ranges.add(LossRange.decode(in));
    }
    return ranges;
  }
}
