package dev.weir.edge.spool;

import dev.weir.base.disk.Disk;
import dev.weir.log.CursorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far the spool was acked, in the two-slot file `acked.cursor`: being stale only sends again
/// what the core then suppresses. Also what was dropped last, because a full disk may have no room
/// for saying so in the log. Values of the slot:
///
/// ```
///  0 version = 1   1 settled sequence   2 offset behind it   3 lane bytes before that
///  4 1 when a loss range follows   5 first   6 last   7 messages   8 bytes   9 end offset
///  10 end bytes   11 time   12 reason
/// ```
///
/// Used by the spool's duty thread.
final class SpoolCursor implements AutoCloseable {
  private static final String FILE = "acked.cursor";

  private final CursorFile file;

  /// @param settled everything up to this sequence was acked
  /// @param place where the log goes on behind it
  /// @param dropped frames that were given up and may not be in the log as such
  record Values(long settled, SpoolLedger.Place place, Optional<LossRange> dropped) {}

  SpoolCursor(Disk disk, Path directory) throws IOException {
    this.file = CursorFile.open(disk, directory, FILE);
  }

  Optional<Values> load() {
    return file.load().flatMap(SpoolCursor::decode);
  }

  void store(Values values) throws IOException {
    long[] slot = new long[13];
    slot[0] = 1;
    slot[1] = values.settled();
    slot[2] = values.place().offset();
    slot[3] = values.place().bytes();
    @Nullable LossRange dropped = values.dropped().orElse(null);
    if (dropped != null) {
      slot[4] = 1;
      slot[5] = dropped.firstSequence();
      slot[6] = dropped.lastSequence();
      slot[7] = dropped.messages();
      slot[8] = dropped.bytes();
      slot[9] = dropped.endOffset();
      slot[10] = dropped.endBytes();
      slot[11] = dropped.timeMicros();
      slot[12] = dropped.reason().number();
    }
    file.store(slot);
  }

  private static Optional<Values> decode(long[] slot) {
    if (slot.length != 13 || slot[0] != 1) {
      return Optional.empty();
    }
    Optional<LossRange> dropped =
        slot[4] == 0
            ? Optional.empty()
            : Optional.of(
                new LossRange(
                    slot[5],
                    slot[6],
                    slot[7],
                    slot[8],
                    slot[9],
                    slot[10],
                    slot[11],
                    LossReason.of((int) slot[12])));
    return Optional.of(new Values(slot[1], new SpoolLedger.Place(slot[2], slot[3]), dropped));
  }

  @Override
  public void close() {
    file.close();
  }
}
