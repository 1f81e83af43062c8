package dev.weir.edge.spool;

import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import dev.weir.message.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps frames that a core will never take, one file each under `refused/`, named by lane and
/// sequence, for people to look at.
///
/// ```
///  byte 0      u64 magic "WEIRREFU"
///       8      u32 codec
///      12      u32 dictionary
///      16      u32 messages
///      20      u32 raw length
///      24      u32 header length, then the header
///       ..     payload to the end
/// ```
final class RefusedFrames {
  /// Enough to find the fault by; more would only fill the disk.
  private static final int MAX_FILES = 1000;

  private static final long MAGIC = 0x5546455252494557L; // "WEIRREFU", little-endian
  private static final Logger LOG = LoggerFactory.getLogger(RefusedFrames.class);

  private final Disk disk;
  private final Path directory;

  RefusedFrames(Disk disk, Path spool) {
    this.disk = disk;
    this.directory = spool.resolve("refused");
  }

  /// A kept frame stands by itself: without a dictionary, unless it does not decode with it.
  void keep(int lane, long sequence, Batch refused) {
    try {
      Batch batch = alone(refused);
      disk.createDirectories(directory);
      if (disk.list(directory).size() >= MAX_FILES) {
        LOG.error(
            "frame {} is not kept: {} holds {} frames already", sequence, directory, MAX_FILES);
        return;
      }
      Path path = directory.resolve("%010d-%020d.frame".formatted(lane, sequence));
      disk.delete(path);
      ByteBuffer head = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
      head.putLong(MAGIC).putInt(batch.codec().number()).putInt(batch.dictionaryId());
      head.putInt(batch.count()).putInt(batch.rawLength()).putInt(batch.header().length()).flip();
      try (DiskFile file = disk.create(path)) {
        ByteBuffer[] parts = {head, batch.header().buffer(), batch.payload().buffer()};
        file.write(parts, 0);
      }
    } catch (IOException e) {
      LOG.error("frame {} cannot be kept in {}: {}", sequence, directory, e.toString());
    }
  }

  private static Batch alone(Batch refused) {
    try {
      return refused.withoutDictionary();
    } catch (WeirException _) {
      return refused;
    }
  }
}
