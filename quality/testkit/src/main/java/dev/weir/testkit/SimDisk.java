package dev.weir.testkit;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import dev.weir.base.disk.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A file system in memory that keeps no promise beyond those of [Disk], and breaks off or fails at
/// any call a test names.
///
/// Bytes survive a crash when their file was forced, names when their directory was. Of everything
/// else any part may survive: sectors of 512 bytes in any of the versions that they had since the
/// last force (so writes are lost, reordered and torn), any of the sizes, any subset of the name
/// changes. A sector is written whole or not at all, a rename too; the log counts on both.
///
/// Calls that change something are numbered from 1, and so are calls that read, so a test can run
/// the same work again and again and let each call be the one that fails. Any thread.
public final class SimDisk implements Disk {
  private final Map<Path, SimInode> names = new TreeMap<>();
  private final Map<Path, SimInode> durableNames = new TreeMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private final Set<Path> directories = new HashSet<>();
  private final Set<Path> locks = new HashSet<>();
  private final Map<Long, Fault> mutationFaults = new HashMap<>();
  private final Map<Long, Fault> readFaults = new HashMap<>();
  private final Map<Long, Runnable> during = new HashMap<>();
  private final RandomGenerator random = new SplittableRandom(1);
  private long capacityBytes = Long.MAX_VALUE / 2;
  private long mutations;
  private long reads;
  private boolean hasCrashed;

  /// One change of the names: removals and additions that happen together.
  private record NameChange(
      @Nullable Path removed, @Nullable Path added, @Nullable SimInode inode) {
    boolean isIn(Path directory) {
      return (removed != null && directory.equals(removed.getParent()))
          || (added != null && directory.equals(added.getParent()));
    }

    void applyTo(Map<Path, SimInode> target) {
      if (removed != null) {
        target.remove(removed);
      }
      if (added != null && inode != null) {
        target.put(added, inode);
      }
    }
  }

  /// Calls so far that changed something.
  public synchronized long mutations() {
    return mutations;
  }

  /// Calls so far that read.
  public synchronized long reads() {
    return reads;
  }

  /// Lets the changing call with this number go wrong.
  public synchronized void failMutation(long number, Fault fault) {
    mutationFaults.put(number, fault);
  }

  /// Runs what another thread does while the changing call with this number is under way.
  public synchronized void during(long number, Runnable action) {
    during.put(number, action);
  }

  /// Lets the reading call with this number go wrong; a [Fault#CRASH] happens before it.
  public synchronized void failRead(long number, Fault fault) {
    readFaults.put(number, fault);
  }

  /// No call is to go wrong any more.
  public synchronized void repair() {
    mutationFaults.clear();
    readFaults.clear();
  }

  /// The space of the file system; [Fault#ENOSPC] beyond.
  public synchronized void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /// Whether the power went.
  public synchronized boolean hasCrashed() {
    return hasCrashed;
  }

  /// The power goes now.
  public synchronized void crash() {
    hasCrashed = true;
  }

  /// The process that used this disk ended without a word: its locks are gone, everything else is
  /// as it left it, what was never forced included.
  public synchronized void processEnded() {
    locks.clear();
  }

  /// The disk as the next start finds it, one of many that are possible. This disk stays as it is,
  /// so a test can draw several.
  public synchronized SimDisk afterCrash(RandomGenerator choice) {
    SimDisk next = new SimDisk();
    Survival survival = Survival.of(choice);
    Map<Path, SimInode> left = new TreeMap<>(durableNames);
    for (NameChange change : unsyncedNames) {
      if (survival.choose(2, choice) == 1) {
        change.applyTo(left);
      }
    }
    Map<SimInode, SimInode> copies = new HashMap<>();
    left.forEach((path, inode) ->
        next.names.put(path, copies.computeIfAbsent(inode, i -> i.afterCrash(survival, choice))));
    next.durableNames.putAll(next.names);
    next.directories.addAll(directories);
    next.capacityBytes = capacityBytes;
    return next;
  }

  /// Turns one bit of a file over, for good.
  public synchronized void flipBit(Path file, long bit) {
    inode(file).flipBit(bit);
  }

  /// The paths of all files.
  public synchronized List<Path> files() {
    return List.copyOf(names.keySet());
  }

  private SimInode inode(Path file) {
    SimInode inode = names.get(file);
    if (inode == null) {
      throw new IllegalArgumentException("no file " + file);
    }
    return inode;
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    refuseAfterCrash();
    directories.add(directory);
  }

  @Override
  public synchronized DiskFile create(Path file) throws IOException {
    Fault fault = mutation("create " + file);
    if (names.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    SimInode inode = new SimInode();
    change(new NameChange(null, file, inode));
    finish(fault);
    return new SimFile(this, file, inode, true);
  }

  @Override
  public synchronized DiskFile open(Path file) throws IOException {
    return opened(file, true);
  }

  @Override
  public synchronized DiskFile openForRead(Path file) throws IOException {
    return opened(file, false);
  }

  private DiskFile opened(Path file, boolean isWritable) throws IOException {
    read("open " + file);
    SimInode inode = names.get(file);
    if (inode == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new SimFile(this, file, inode, isWritable);
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    read("list " + directory);
    return names.keySet().stream()
        .filter(path -> directory.equals(path.getParent()))
        .map(path -> path.getFileName().toString())
        .toList();
  }

  @Override
  public synchronized void rename(Path source, Path target) throws IOException {
    Fault fault = mutation("rename " + source);
    SimInode inode = names.get(source);
    if (inode == null) {
      throw new NoSuchFileException(source.toString());
    }
    change(new NameChange(source, target, inode));
    finish(fault);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    Fault fault = mutation("delete " + file);
    if (names.containsKey(file)) {
      change(new NameChange(file, null, null));
    }
    finish(fault);
  }

  private void change(NameChange change) {
    change.applyTo(names);
    unsyncedNames.add(change);
  }

  @Override
  public synchronized void forceDirectory(Path directory) throws IOException {
    Fault fault = mutation("force " + directory);
    if (fault == null) {
      for (NameChange change : unsyncedNames) {
        if (change.isIn(directory)) {
          change.applyTo(durableNames);
        }
      }
      unsyncedNames.removeIf(change -> change.isIn(directory));
    }
    finish(fault);
  }

  @Override
  public synchronized long freeBytes(Path path) throws IOException {
    refuseAfterCrash();
    return Math.max(0, capacityBytes - usedBytes());
  }

  private long usedBytes() {
    return Set.copyOf(names.values()).stream()
        .mapToLong(inode -> inode.sectors() * SimInode.SECTOR_BYTES)
        .sum();
  }

  @Override
  public synchronized AutoCloseable lock(Path directory) throws IOException {
    refuseAfterCrash();
    if (!locks.add(directory)) {
      throw new WeirException(
          ErrorCode.DATA_DIRECTORY_LOCKED, directory + " is used by another process.");
    }
    return () -> unlock(directory);
  }

  private synchronized void unlock(Path directory) {
    locks.remove(directory);
  }

  synchronized void write(Path file, SimInode inode, ByteBuffer[] buffers, long position)
      throws IOException {
    Fault fault = mutation("write " + file);
    long at = position;
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      int count = fault == Fault.SHORT_WRITE ? bytes.length / 2 : bytes.length;
      if (usedBytes() + inode.newSectors(at, count) * SimInode.SECTOR_BYTES > capacityBytes) {
        throw new NoSpaceException(file + ": no space left");
      }
      inode.write(bytes, count, at);
      at += count;
    }
    finish(fault);
  }

  synchronized int read(Path file, SimInode inode, ByteBuffer target, long position)
      throws IOException {
    read("read " + file);
    byte[] bytes = new byte[target.remaining()];
    int count = inode.read(bytes, position);
    target.put(bytes, 0, count);
    return count;
  }

  synchronized void force(Path file, SimInode inode) throws IOException {
    Fault fault = mutation("force " + file);
    if (fault == null) {
      inode.force();
    } else if (fault != Fault.CRASH) {
      inode.failForce(random);
    }
    finish(fault);
  }

  synchronized long size(SimInode inode) throws IOException {
    refuseAfterCrash();
    return inode.size();
  }

  synchronized void truncate(Path file, SimInode inode, long size) throws IOException {
    Fault fault = mutation("truncate " + file);
    inode.truncate(size);
    finish(fault);
  }

  /// Counts a changing call. Faults that come before the effect are thrown here, those that come
  /// with it by [#finish].
  private @Nullable Fault mutation(String what) throws IOException {
    refuseAfterCrash();
    mutations++;
    during.getOrDefault(mutations, () -> {}).run();
    Fault fault = mutationFaults.get(mutations);
    boolean isWrite = what.startsWith("write ");
    if (fault == Fault.ENOSPC || (fault == Fault.SHORT_WRITE && !isWrite)) {
      throw new NoSpaceException(what + ": no space left (injected)");
    }
    if (fault == Fault.EIO && !what.startsWith("force ") && random.nextBoolean()) {
      throw new IOException(what + ": input/output error (injected)");
    }
    return fault;
  }

  private void finish(@Nullable Fault fault) throws IOException {
    if (fault == null) {
      return;
    }
    switch (fault) {
      case CRASH -> {
        hasCrashed = true;
        throw new IOException("power cut (injected)");
      }
      case EIO -> throw new IOException("input/output error (injected)");
      case ENOSPC, SHORT_WRITE -> throw new NoSpaceException("no space left (injected)");
    }
  }

  private void read(String what) throws IOException {
    refuseAfterCrash();
    reads++;
    Fault fault = readFaults.get(reads);
    if (fault == Fault.CRASH) {
      hasCrashed = true;
      throw new IOException("power cut (injected)");
    }
    if (fault != null) {
      throw new IOException(what + ": input/output error (injected)");
    }
  }

  private void refuseAfterCrash() throws IOException {
    if (hasCrashed) {
      throw new IOException("the power is off");
    }
  }
}
