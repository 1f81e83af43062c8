package dev.weir.log;

import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the bytes of damaged ranges aside, in `damaged/`, for whoever wants to look at them later.
/// Best effort: a copy that cannot be made is logged and missed, nothing else.
final class DamageCopies {
  private static final String DIRECTORY = "damaged";

  /// A range larger than this is kept in part: it is mostly the zeros of a lost page range.
  private static final int MAX_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(DamageCopies.class);

  private DamageCopies() {}

  static void copyAll(Disk disk, Path logDirectory, Segment segment, List<Hole> holes) {
    for (Hole hole : holes) {
      try {
        copy(disk, logDirectory, segment, hole);
      } catch (IOException e) {
        LOG.warn("cannot keep the damaged bytes of {}", hole, e);
      }
    }
  }

  /// Whether the bytes of a hole were kept before, by this process or an earlier one.
  static boolean isKept(Disk disk, Path logDirectory, Hole hole) {
    try {
      return disk.list(logDirectory.resolve(DIRECTORY)).contains(name(hole));
    } catch (IOException _) {
      return false; // recorded once more: better than not at all
    }
  }

  private static String name(Hole hole) {
    return String.format(
        Locale.ROOT, "%010d-%d-%d.bin", hole.segment(), hole.fromPosition(), hole.toPosition());
  }

  private static void copy(Disk disk, Path logDirectory, Segment segment, Hole hole)
      throws IOException {
    int count = (int) Math.min(MAX_BYTES, hole.toPosition() - hole.fromPosition());
    if (count <= 0) {
      return;
    }
    byte[] bytes = new byte[count];
    DiskFile source = segment.acquire();
    try {
      TolerantRead.read(source, bytes, 0, count, hole.fromPosition());
    } finally {
      segment.release();
    }
    Path directory = logDirectory.resolve(DIRECTORY);
    disk.createDirectories(directory);
    try (DiskFile target = disk.create(directory.resolve(name(hole)))) {
      target.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, 0);
      target.force();
    } catch (FileAlreadyExistsException _) {
      return; // met and kept before
    }
    disk.forceDirectory(directory);
  }
}
