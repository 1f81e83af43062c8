package dev.weir.log;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The machine's own file system. Stateless; any thread.
public final class FileDisk implements Disk {
  private static final String LOCK_NAME = "LOCK";

  /// New directories are durable when this returns.
  @Override
  public void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    @Nullable Path at = directory.toAbsolutePath();
    while (at != null && !Files.isDirectory(at)) {
      missing.push(at);
      at = at.getParent();
    }
    Files.createDirectories(directory);
    for (Path created : missing) {
      @Nullable Path parent = created.getParent();
      if (parent != null) {
        forceDirectory(parent);
      }
    }
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    return new ChannelFile(
        file,
        true,
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new ChannelFile(
        file, true, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public DiskFile openForRead(Path file) throws IOException {
    return new ChannelFile(file, false, FileChannel.open(file, StandardOpenOption.READ));
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    if (isWindows()) {
      return; // a directory cannot be opened there; NTFS journals its entries
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }

  @Override
  public AutoCloseable lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_NAME), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      // held in this process: the same refusal as for another one
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new WeirException(
          ErrorCode.DATA_DIRECTORY_LOCKED, directory + " is used by another process.");
    }
    return channel;
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
  }
}
