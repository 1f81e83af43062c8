package dev.weir.edge.spool;

import dev.weir.base.disk.Disk;
import dev.weir.log.CursorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far each lane was acked, in the two-slot file `acked.cursor`: being stale only sends again
/// what the core then suppresses. Also what was dropped last of each lane, because a full disk may
/// have no room for saying so in the log. Values of the slot:
///
/// ```
///  0 version = 2   1 number of the newest lane   2 lanes, at most 4
///  for each lane, oldest first:
///   +0 number   +1 settled sequence   +2 offset behind it   +3 bytes before that
///   +4 reason of the loss range that follows, 0 for none   +5 first   +6 last   +7 messages
///   +8 bytes   +9 end offset   +10 end bytes   +11 time
///
///  version 1, which is still read: lane 0 alone
///  1 settled   2 offset   3 bytes   4 1 when a range follows   5 to 11 as above   12 reason
/// ```
///
/// A lane below the newest that does not stand here has nothing left. The newest number is stored
/// before the first frame of its lane is, so that no number is ever used twice: the core would take
/// the second lane's frames for those of the first.
///
/// Used by the spool's duty thread.
final class SpoolCursor implements AutoCloseable {
  private static final String FILE = "acked.cursor";
  private static final int HEAD = 3;
  private static final int LANE_VALUES = 12;

  /// What the file has room for: one sector, so that each store is one write.
  static final int MAX_LANES = (CursorFile.MAX_VALUES - HEAD) / LANE_VALUES;

  private final CursorFile file;

  /// @param number of the lane
  /// @param settled everything up to this sequence was acked
  /// @param place where the log goes on behind it
  /// @param dropped frames that were given up and may not be in the log as such
  record Lane(int number, long settled, LogPlace place, Optional<LossRange> dropped) {}

  /// @param newest number of the newest lane that there is, or will be
  /// @param lanes that have something left, and the newest when it has begun
  record Values(int newest, List<Lane> lanes) implements SpoolLedger.Acked {
    Values {
      lanes = List.copyOf(lanes);
    }

    @Override
    public long settled(LaneState lane) {
      return settled(lane.number());
    }

    /// Everything of a lane up to here was acked.
    long settled(int number) {
      Lane known = lane(number);
      if (known != null) {
        return known.settled;
      }
      return number < newest ? Long.MAX_VALUE : 0;
    }

    @Override
    public LogPlace place(LaneState lane) {
      Lane known = lane(lane.number());
      if (known != null) {
        return known.place;
      }
      return lane.number() < newest ? lane.end() : lane.start();
    }

    private @Nullable Lane lane(int number) {
      for (Lane lane : lanes) {
        if (lane.number == number) {
          return lane;
        }
      }
      return null;
    }
  }

  SpoolCursor(Disk disk, Path directory) throws IOException {
    this.file = CursorFile.open(disk, directory, FILE);
  }

  Optional<Values> load() {
    return file.load().flatMap(SpoolCursor::decode);
  }

  void store(Values values) throws IOException {
    long[] slot = new long[HEAD + LANE_VALUES * values.lanes().size()];
    slot[0] = 2;
    slot[1] = values.newest();
    slot[2] = values.lanes().size();
    int at = HEAD;
    for (Lane lane : values.lanes()) {
      encode(lane, slot, at);
      at += LANE_VALUES;
    }
    file.store(slot);
  }

  private static void encode(Lane lane, long[] slot, int at) {
    slot[at] = lane.number();
    slot[at + 1] = lane.settled();
    slot[at + 2] = lane.place().offset();
    slot[at + 3] = lane.place().bytes();
    @Nullable LossRange dropped = lane.dropped().orElse(null);
    if (dropped != null) {
      slot[at + 4] = dropped.reason().number();
      slot[at + 5] = dropped.firstSequence();
      slot[at + 6] = dropped.lastSequence();
      slot[at + 7] = dropped.messages();
      slot[at + 8] = dropped.bytes();
      slot[at + 9] = dropped.endOffset();
      slot[at + 10] = dropped.endBytes();
      slot[at + 11] = dropped.timeMicros();
    }
  }

  private static Optional<Values> decode(long[] slot) {
    if (slot.length == 13 && slot[0] == 1) {
      long[] lane = new long[LANE_VALUES];
      System.arraycopy(slot, 1, lane, 1, 3);
      System.arraycopy(slot, 5, lane, 5, 7);
      lane[4] = slot[4] == 0 ? 0 : slot[12];
      return Optional.of(new Values(0, List.of(decodeLane(lane))));
    }
    if (slot.length < HEAD || slot[0] != 2 || slot.length != HEAD + LANE_VALUES * slot[2]) {
      return Optional.empty();
    }
    List<Lane> lanes = new ArrayList<>();
    for (int at = HEAD; at < slot.length; at += LANE_VALUES) {
      lanes.add(decodeLane(Arrays.copyOfRange(slot, at, at + LANE_VALUES)));
    }
    return Optional.of(new Values((int) slot[1], lanes));
  }

  private static Lane decodeLane(long[] slot) {
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
                    LossReason.of((int) slot[4])));
    LogPlace place = new LogPlace(slot[2], slot[3]);
    return new Lane((int) slot[0], slot[1], place, dropped);
  }

  @Override
  public void close() {
    file.close();
  }
}
