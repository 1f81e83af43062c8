package dev.weir.kv;

import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.log.LogSnapshot;
import java.io.IOException;
import java.util.Optional;

/// Rebuilds the index at the start: the newest snapshot and every record after it; every record of
/// the log when the index was too large for a snapshot. History is cut at the end, since a bucket's
/// own record may lie behind its keys'.
final class KvRecovery {
  private KvRecovery() {}

  static void run(StoreState state, Log log) throws IOException {
    Optional<LogSnapshot> snapshot = log.snapshot();
    boolean isComplete =
        snapshot.isPresent()
            && !snapshot.get().payload().isEmpty()
            && IndexSnapshot.restore(snapshot.get().payload(), state.index);
    try (LogReader reader = isComplete ? log.recoveryReader() : log.reader(log.firstOffset())) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof LogEvent.Frame frame && frame.type() == FrameType.DATA) {
          apply(state.index, frame);
        }
      }
    }
    state.index.trimAll();
    state.lastRevision = log.durableOffset();
  }

  private static void apply(KvIndex index, LogEvent.Frame frame) {
    RecordHeader header = RecordHeader.decode(frame.header());
    if (header.kindCode() == RecordHeader.BUCKET) {
      index.applyBucket(header, frame.baseOffset());
    } else {
      var _ = index.apply(header, frame.baseOffset(), frame.payload().length());
    }
  }
}
