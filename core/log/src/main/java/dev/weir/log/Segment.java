package dev.weir.log;

import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One segment as readers see it: its place in the log and one file handle that all of them share
/// while any of them reads it. Any thread.
final class Segment {
  /// Not known yet.
  static final long UNKNOWN = -1;

  private final Disk disk;
  private final Path path;
  private final SegmentName name;
  private volatile long endPosition = UNKNOWN;
  private volatile long bytes = UNKNOWN;
  private volatile long lastMicros = UNKNOWN;
  private volatile @Nullable IndexBuilder activeIndex;
  private @Nullable DiskFile file;
  private int users;
  private boolean isRetired;

  Segment(Disk disk, Path directory, SegmentName name) {
    this.disk = disk;
    this.path = directory.resolve(name.fileName());
    this.name = name;
  }

  long number() {
    return name.number();
  }

  long baseOffset() {
    return name.baseOffset();
  }

  Path path() {
    return path;
  }

  /// Where the log left this segment, or [#UNKNOWN]: it is the active one, or nobody looked yet.
  long endPosition() {
    return endPosition;
  }

  /// The file's size, or [#UNKNOWN].
  long bytes() {
    return bytes;
  }

  /// The time of its last frame, or [#UNKNOWN].
  long lastMicros() {
    return lastMicros;
  }

  /// The growing index of the active segment, null for the others.
  @Nullable IndexBuilder activeIndex() {
    return activeIndex;
  }

  void growing(IndexBuilder index, long allocatedBytes) {
    activeIndex = index;
    bytes = allocatedBytes;
  }

  void measured(long fileBytes) {
    bytes = fileBytes;
  }

  /// Fixes what is known once nothing is appended any more.
  void ended(long end, long fileBytes, long newestMicros) {
    endPosition = end;
    bytes = fileBytes;
    lastMicros = newestMicros;
    activeIndex = null;
  }

  /// The shared handle for reading; each call is paired with a [#release].
  ///
  /// @throws NoSuchFileException when it is not part of the log any more
  synchronized DiskFile acquire() throws IOException {
    if (isRetired) {
      throw new NoSuchFileException(path.toString());
    }
    DiskFile current = file;
    if (current == null) {
      current = disk.openForRead(path);
      file = current;
    }
    users++;
    return current;
  }

  /// Gives up the file for another use, unless somebody reads it.
  ///
  /// @return true when nobody reads it and nobody will
  synchronized boolean retire() {
    isRetired = users == 0;
    return isRetired;
  }

  synchronized void release() {
    users--;
    if (users == 0 && file != null) {
      file.close();
      file = null;
    }
  }
}
