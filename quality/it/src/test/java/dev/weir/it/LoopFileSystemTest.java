package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The small disk fills, empties, and loses what was not synced when its power is cut.
final class LoopFileSystemTest {
  @TempDir private Path directory;

  @Test
  void isFullWhenFilledAndUsableAgainWhenFreed() throws IOException {
    try (LoopFileSystem disk = LoopFileSystem.create(directory, 20 << 20)) {
      Path file = disk.path().resolve("file");

      disk.fill();
      assertThatThrownBy(() -> Files.write(file, new byte[100_000]))
          .hasMessageContaining("No space left");

      disk.free();
      assertThat(disk.freeBytes()).isGreaterThan(10 << 20);
      assertThat(Files.size(Files.write(file, new byte[100_000]))).isEqualTo(100_000);
    }
  }

  @Test
  void keepsOnlyWhatWasSyncedWhenThePowerIsCut() throws IOException {
    Path image = directory.resolve("cut.image");
    try (LoopFileSystem disk = LoopFileSystem.create(directory, 20 << 20)) {
      write(disk.path().resolve("synced"), true);
      write(disk.path().resolve("unsynced"), false);
      disk.copyImage(image);
    }

    try (LoopFileSystem disk = LoopFileSystem.ofImage(image, directory.resolve("after"))) {
      assertThat(disk.path().resolve("synced")).hasContent("text");
      assertThat(disk.path().resolve("unsynced")).doesNotExist();
    }
  }

  private static void write(Path path, boolean isSynced) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {'t', 'e', 'x', 't'}));
      if (isSynced) {
        file.force(true);
      }
    }
  }
}
