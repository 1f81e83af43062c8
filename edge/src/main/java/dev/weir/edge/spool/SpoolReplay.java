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

  /// @param freshIncarnation drawn when the log is new
  static SpoolState run(Log log, LongSupplier freshIncarnation) throws IOException {
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
    if (goneMessages > 0) {
      // Numbers that were given to frames of which nothing is left must not be given again: each
      // frame held at least one message.
      LOG.error("the newest {} messages of the spool are damaged", goneMessages);
      state.skipTo(state.nextSequence() + goneMessages);
    }
    return state;
  }

  private static long apply(SpoolState state, LogEvent.Frame frame, long goneMessages) {
    switch (frame.type()) {
      case DATA -> {
        int weight = SpoolState.weight(frame.header().length(), frame.payload().length());
        boolean isNew = frame.laneSequence() >= state.nextSequence();
        state.data(frame.laneSequence(), weight, frame.endOffset(), positions(frame.header()));
        if (isNew && (frame.flags() & SpoolAppender.REPORT_FLAG) != 0) {
          LossTotal total = LossMessages.total(SpoolDictionaries.batch(frame));
          state.lost(LossReason.DROP_NEWEST, total.messages(), total.bytes());
        }
        return 0;
      }
      case CONTROL -> {
        if (!frame.isDictionary()) {
          state.positions(positions(frame.header()));
        }
      }
      case LOSS -> losses(state, frame.payload());
      case PAD, SEAL, SNAP, HOLE -> {}
    }
    return goneMessages;
  }

  private static Map<String, Bytes> positions(Bytes header) {
    try {
      return Positions.decode(BatchHeader.decode(header).origin());
    } catch (WeirException e) {
      LOG.error("a frame of the spool has no readable positions: {}", e.getMessage());
      return Map.of();
    }
  }

  private static void losses(SpoolState state, Bytes payload) {
    for (LossRange range : ranges(payload)) {
      if (range.reason() == LossReason.REFUSED) {
        state.lost(range.reason(), range.messages(), range.bytes());
        state.positions(Refusals.putAside(range));
      } else {
        state.lost(range, false);
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
