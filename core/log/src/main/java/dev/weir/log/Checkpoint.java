package dev.weir.log;

import dev.weir.base.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// What a log writes down beside its segments, at most once a second: a lower bound of what is
/// durable, so that recovery knows damage from a tail that was never acknowledged, and the
/// low-water mark of retention, so that a removal that a crash interrupted is finished.
///
/// @param log the log's id, found here when no segment tells it
/// @param segment the segment that was active
/// @param position every byte of that segment before this one is durable
/// @param offset every message before this one is durable
/// @param lowNumber segments with smaller numbers are removed
record Checkpoint(UUID log, long segment, long position, long offset, long lowNumber) {
  static final String FILE_NAME = "checkpoint";

  static CursorFile open(Disk disk, Path directory) throws IOException {
    return CursorFile.open(disk, directory, FILE_NAME);
  }

  static CursorFile openForRead(Disk disk, Path directory) throws IOException {
    return CursorFile.openForRead(disk, directory, FILE_NAME);
  }

  static Optional<Checkpoint> load(CursorFile file) {
    return file.load().filter(values -> values.length == 6).map(Checkpoint::of);
  }

  private static Checkpoint of(long[] values) {
    return new Checkpoint(
        new UUID(values[0], values[1]), values[2], values[3], values[4], values[5]);
  }

  void store(CursorFile file) throws IOException {
    file.store(
        log.getMostSignificantBits(),
        log.getLeastSignificantBits(),
        segment,
        position,
        offset,
        lowNumber);
  }
}
