package dev.weir.base.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A file system as the log needs it. The real one is `dev.weir.log.FileDisk`; the testkit has one
/// that loses, reorders and tears unsynced writes and fails at any call.
///
/// What is durable after a crash: a file's bytes up to the last [DiskFile#force], and a directory's
/// entries up to its last [#forceDirectory].
public interface Disk {
  /// Creates a directory and its parents; an existing one is fine.
  void createDirectories(Path directory) throws IOException;

  /// Creates a new file for reading and writing.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException when the name is taken
  DiskFile create(Path file) throws IOException;

  /// Opens an existing file for reading and writing.
  ///
  /// @throws java.nio.file.NoSuchFileException when there is none
  DiskFile open(Path file) throws IOException;

  /// Opens an existing file for reading only.
  ///
  /// @throws java.nio.file.NoSuchFileException when there is none
  DiskFile openForRead(Path file) throws IOException;

  /// The names of the files in a directory, sorted; empty when the directory does not exist.
  List<String> list(Path directory) throws IOException;

  /// Moves a file within its file system, replacing the target, atomically in a running system.
  void rename(Path source, Path target) throws IOException;

  /// Removes a file's name; a missing one is fine.
  void delete(Path file) throws IOException;

  /// Makes the directory's entries durable.
  void forceDirectory(Path directory) throws IOException;

  /// Bytes that this process could still write to the file system that holds the path.
  long freeBytes(Path path) throws IOException;

  /// Takes the directory for this process until the lock is closed.
  ///
  /// @throws dev.weir.base.WeirException with DATA_DIRECTORY_LOCKED when another holder has it
  AutoCloseable lock(Path directory) throws IOException;
}
