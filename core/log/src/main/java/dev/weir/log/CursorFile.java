package dev.weir.log;

import dev.weir.base.Checks;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A few numbers that survive any crash as they were last stored, or as they were one store before.
///
/// Two slots of one sector each are written in turn, so the slot that holds the newest complete
/// store is never the one being overwritten.
///
/// ```
/// slot  0       4       8            16                       508   512
///       ├ magic ┼ count ┼ generation ┼ count × u64 … zeros ───┼ crc ┤      slot 0 at 0, slot 1 at 512
/// ```
///
/// After a failed write or fsync the file is never written again: the next store makes a new one
/// beside it and takes its name. One thread at a time.
public final class CursorFile implements AutoCloseable {
  /// What fits into a sector beside the slot's own fields.
  public static final int MAX_VALUES = 61;

  private static final int SLOT_BYTES = 512;
  private static final int CRC_AT = SLOT_BYTES - 4;
  private static final int MAGIC = 0x52554357; // "WCUR", little-endian

  private final Disk disk;
  private final Path directory;
  private final Path path;
  private final ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private @Nullable DiskFile file;
  private long generation;
  private long[] values = {};
  private boolean isPresent;

  private CursorFile(Disk disk, Path directory, String name) {
    this.disk = disk;
    this.directory = directory;
    this.path = directory.resolve(name);
  }

  /// Opens the file and reads what it holds; a missing or damaged one holds nothing. Nothing is
  /// written before the first [#store].
  ///
  /// @throws IOException when the file exists and cannot be opened
  public static CursorFile open(Disk disk, Path directory, String name) throws IOException {
    CursorFile cursor = new CursorFile(disk, directory, name);
    cursor.read(disk::open);
    return cursor;
  }

  /// Reads what a file holds without ever writing to it.
  static CursorFile openForRead(Disk disk, Path directory, String name) throws IOException {
    CursorFile cursor = new CursorFile(disk, directory, name);
    cursor.read(disk::openForRead);
    cursor.close();
    return cursor;
  }

  /// How the file is opened.
  private interface Opening {
    DiskFile open(Path path) throws IOException;
  }

  private void read(Opening opening) throws IOException {
    DiskFile opened;
    try {
      opened = opening.open(path);
    } catch (NoSuchFileException _) {
      return;
    }
    for (int index = 0; index < 2; index++) {
      slot.clear();
      boolean isWhole;
      try {
        isWhole = opened.read(slot, (long) index * SLOT_BYTES) == SLOT_BYTES;
      } catch (IOException _) {
        isWhole = false; // an unreadable slot is a damaged one: the other decides
      }
      if (isWhole) {
        take();
      }
    }
    if (isPresent) {
      file = opened;
    } else {
      opened.close(); // neither slot holds: the first store starts a new file
    }
  }

  private void take() {
    int count = slot.getInt(4);
    if (slot.getInt(0) != MAGIC
        || count < 0
        || count > MAX_VALUES
        || slot.getInt(CRC_AT) != crc()
        || (isPresent && slot.getLong(8) < generation)) {
      return;
    }
    generation = slot.getLong(8);
    values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = slot.getLong(16 + 8 * i);
    }
    isPresent = true;
  }

  /// The values of the newest complete store, or nothing.
  public Optional<long[]> load() {
    return isPresent ? Optional.of(values.clone()) : Optional.empty();
  }

  /// Stores the values durably: when this returns they survive a crash.
  ///
  /// @param newValues at most [#MAX_VALUES]
  /// @throws IOException when they may not be durable; a crash then leaves the old or the new ones
  public void store(long... newValues) throws IOException {
    Checks.range("values", newValues.length, 0, MAX_VALUES);
    encode(generation + 1, newValues);
    @Nullable DiskFile current = file;
    if (current == null) {
      file = createWith();
    } else {
      file = null; // until the store is complete: a file whose write failed is not used again
      try {
        current.write(new ByteBuffer[] {slot.clear()}, ((generation + 1) % 2) * (long) SLOT_BYTES);
        current.force();
      } catch (IOException e) {
        current.close();
        throw e;
      }
      file = current;
    }
    generation++;
    values = newValues.clone();
    isPresent = true;
  }

  private DiskFile createWith() throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
    DiskFile created;
    try {
      created = disk.create(fresh);
    } catch (FileAlreadyExistsException _) {
      disk.delete(fresh);
      created = disk.create(fresh);
    }
    try {
      ByteBuffer both = ByteBuffer.allocate(2 * SLOT_BYTES);
      both.put((int) ((generation + 1) % 2) * SLOT_BYTES, slot.array(), 0, SLOT_BYTES);
      created.write(new ByteBuffer[] {both}, 0);
      created.force();
      disk.rename(fresh, path);
      disk.forceDirectory(directory);
      return created;
    } catch (IOException e) {
      created.close();
      throw e;
    }
  }

  private void encode(long newGeneration, long[] newValues) {
    slot.clear();
    slot.put(0, new byte[SLOT_BYTES]);
    slot.putInt(0, MAGIC);
    slot.putInt(4, newValues.length);
    slot.putLong(8, newGeneration);
    for (int i = 0; i < newValues.length; i++) {
      slot.putLong(16 + 8 * i, newValues[i]);
    }
    slot.putInt(CRC_AT, crc());
  }

  private int crc() {
    CRC32C crc = new CRC32C();
    crc.update(slot.array(), 0, CRC_AT);
    return (int) crc.getValue();
  }

  /// Releases the file; idempotent.
  @Override
  public void close() {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
