package dev.weir.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The bytes of one simulated file, in sectors: what a running system reads, what the disk has, and
/// every version of a sector that was written since the last force. Guarded by its [SimDisk].
final class SimInode {
  static final int SECTOR_BYTES = 512;
  private static final byte[] ZEROS = new byte[SECTOR_BYTES];

  private final Map<Long, byte[]> current = new HashMap<>();
  private final Map<Long, byte[]> durable = new HashMap<>();
  private final Map<Long, List<byte[]>> unsynced = new HashMap<>();
  private final List<Long> unsyncedSizes = new ArrayList<>();
  private long size;
  private long durableSize;

  long size() {
    return size;
  }

  long sectors() {
    return current.size();
  }

  /// How many sectors a write would take beyond those that the file has.
  long newSectors(long position, int count) {
    long found = 0;
    for (long sector = position / SECTOR_BYTES;
        sector * SECTOR_BYTES < position + count;
        sector++) {
      found += current.containsKey(sector) ? 0 : 1;
    }
    return found;
  }

  void write(byte[] bytes, int count, long position) {
    int done = 0;
    while (done < count) {
      long at = position + done;
      long sector = at / SECTOR_BYTES;
      int from = (int) (at % SECTOR_BYTES);
      int step = Math.min(SECTOR_BYTES - from, count - done);
      byte[] next = current.getOrDefault(sector, ZEROS).clone();
      System.arraycopy(bytes, done, next, from, step);
      put(sector, next);
      done += step;
    }
    if (position + count > size) {
      size = position + count;
      unsyncedSizes.add(size);
    }
  }

  private void put(long sector, byte[] bytes) {
    current.put(sector, bytes);
    unsynced.computeIfAbsent(sector, _ -> new ArrayList<>(1)).add(bytes);
  }

  int read(byte[] target, long position) {
    int count = (int) Math.clamp(size - position, 0, (long) target.length);
    int done = 0;
    while (done < count) {
      long at = position + done;
      int from = (int) (at % SECTOR_BYTES);
      int step = Math.min(SECTOR_BYTES - from, count - done);
      System.arraycopy(current.getOrDefault(at / SECTOR_BYTES, ZEROS), from, target, done, step);
      done += step;
    }
    return count;
  }

  void truncate(long newSize) {
    if (newSize < size) {
      for (long sector : List.copyOf(current.keySet())) {
        long start = sector * SECTOR_BYTES;
        if (start >= newSize) {
          put(sector, ZEROS);
          current.remove(sector);
        } else if (start + SECTOR_BYTES > newSize) {
          byte[] cut = new byte[SECTOR_BYTES];
          System.arraycopy(current.get(sector), 0, cut, 0, (int) (newSize - start));
          put(sector, cut);
        }
      }
    }
    size = newSize;
    unsyncedSizes.add(size);
  }

  void force() {
    for (long sector : unsynced.keySet()) {
      byte @Nullable [] bytes = current.get(sector);
      if (bytes == null) {
        durable.remove(sector);
      } else {
        durable.put(sector, bytes);
      }
    }
    durableSize = size;
    unsynced.clear();
    unsyncedSizes.clear();
  }

  /// A force that fails: some sectors reach the disk, the others are forgotten, all look written.
  void failForce(RandomGenerator random) {
    unsynced.forEach((sector, versions) -> {
      if (random.nextBoolean()) {
        durable.put(sector, versions.getLast());
      }
    });
    unsynced.clear();
    unsyncedSizes.clear();
  }

  void flipBit(long bit) {
    long sector = bit / 8 / SECTOR_BYTES;
    byte[] bytes = current.getOrDefault(sector, ZEROS).clone();
    bytes[(int) (bit / 8 % SECTOR_BYTES)] ^= (byte) (1 << (bit % 8));
    current.put(sector, bytes);
    durable.put(sector, bytes);
  }

  /// What a power cut leaves: forced bytes, and of the unforced sectors each one in any version
  /// that it had, or not at all.
  SimInode afterCrash(Survival survival, RandomGenerator random) {
    SimInode left = new SimInode();
    left.durable.putAll(durable);
    unsynced.forEach((sector, versions) -> {
      int chosen = survival.choose(versions.size() + 1, random);
      if (chosen > 0) {
        left.durable.put(sector, versions.get(chosen - 1));
      }
    });
    int chosen = survival.choose(unsyncedSizes.size() + 1, random);
    left.durableSize = chosen == 0 ? durableSize : unsyncedSizes.get(chosen - 1);
    left.size = left.durableSize;
    left.durable.keySet().removeIf(sector -> sector * SECTOR_BYTES >= left.size);
    left.current.putAll(left.durable);
    return left;
  }
}
