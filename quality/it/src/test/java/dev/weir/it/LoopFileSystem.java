package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;

/// A small ext4 file system of its own, in an image file mounted by a loop device: a disk that a
/// test can fill, and whose image it can copy at any moment to see what a power cut would have
/// left.
///
/// Mounting needs root. A user without it gets the test aborted with that reason; as root a missing
/// loop device is a failure.
final class LoopFileSystem implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Path image;
  private final Path mount;
  private boolean isMounted;

  private LoopFileSystem(Path image, Path mount) {
    this.image = image;
    this.mount = mount;
  }

  /// A fresh file system of this size.
  static LoopFileSystem create(Path directory, long sizeBytes) throws IOException {
    requireRoot();
    if (!Command.isInstalled("mkfs.ext4")) {
      throw new IllegalStateException("mkfs.ext4 is missing: apt-get install e2fsprogs");
    }
    Path image = directory.resolve("disk.image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(sizeBytes);
    }
    // No blocks kept for root, or a process of root would never see the disk full.
    Command.require("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    return mounted(image, directory.resolve("disk"));
  }

  /// The file system that a power cut at the moment of the copy would have left.
  static LoopFileSystem ofImage(Path image, Path mount) throws IOException {
    requireRoot();
    return mounted(image, mount);
  }

  private static LoopFileSystem mounted(Path image, Path mount) throws IOException {
    Files.createDirectories(mount);
    LoopFileSystem disk = new LoopFileSystem(image, mount);
    // A long commit interval: what nobody synced stays in memory, as the worst power cut finds it.
    Command done =
        Command.run("mount", "-t", "ext4", "-o", "loop,noatime,commit=300", image + "", mount + "");
    if (done.status() != 0) {
      throw new IllegalStateException(
          "cannot mount an image by loop device (is /dev/loop-control there?): " + done.output());
    }
    disk.isMounted = true;
    return disk;
  }

  private static void requireRoot() {
    Assumptions.assumeTrue(
        Command.require("id", "-u").strip().equals("0"),
        "mounting a small file system needs root; CI runs this test");
  }

  /// Its root directory.
  Path path() {
    return mount;
  }

  /// Bytes that can still be written.
  long freeBytes() {
    try {
      return Files.getFileStore(mount).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Fills it to the last block with a file of the test.
  void fill() {
    try (FileChannel ballast =
        FileChannel.open(
            mount.resolve("ballast"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      fillWith(ballast, CHUNK_BYTES);
      fillWith(ballast, 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fillWith(FileChannel ballast, int chunkBytes) {
    try {
      while (true) {
        ballast.write(ByteBuffer.allocate(chunkBytes));
      }
    } catch (IOException _) {
      // Full, which is what was wanted.
    }
  }

  /// Gives the space back that [#fill] took.
  void free() {
    try {
      Files.delete(mount.resolve("ballast"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Copies the image as it is now: what reached the device, without what only the page cache has.
  /// Whoever writes must be frozen: this waits for writes under way and copies a state that stands.
  void copyImage(Path target) {
    eventually("no write is under way", () -> inFlight().strip().matches("0\\s+0"));
    Command.require("cp", "--sparse=always", image.toString(), target.toString());
  }

  /// Reads and writes that the device works on now, as the kernel counts them.
  private String inFlight() throws IOException {
    String device =
        Files.readAllLines(Path.of("/proc/mounts")).stream()
            .map(line -> line.split(" ", 3))
            .filter(words -> words[1].equals(mount.toString()))
            .map(words -> words[0].replace("/dev/", ""))
            .findFirst()
            .orElseThrow();
    return Files.readString(Path.of("/sys/block/" + device + "/inflight"));
  }

  /// Unmounts it; a process that still holds a file open does not keep it mounted for others.
  @Override
  public void close() {
    if (!isMounted) {
      return;
    }
    if (Command.run("umount", mount.toString()).status() != 0) {
      Command.require("umount", "--lazy", mount.toString());
    }
    isMounted = false;
  }
}
