package dev.weir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.base.disk.DiskFile;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileDiskTest {
  @TempDir Path directory;
  private final FileDisk disk = new FileDisk();

  private Path file() {
    return directory.resolve("file");
  }

  private static ByteBuffer[] bytes(String... texts) {
    ByteBuffer[] buffers = new ByteBuffer[texts.length];
    for (int i = 0; i < texts.length; i++) {
      buffers[i] = Bytes.utf8(texts[i]).buffer();
    }
    return buffers;
  }

  private static String read(DiskFile file, long position, int count) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(count);
    int got = file.read(target, position);
    return new String(target.array(), 0, got, StandardCharsets.UTF_8);
  }

  @Test
  void writesAndReadsByPosition() throws IOException {
    try (DiskFile file = disk.create(file())) {
      file.write(bytes("hello ", "world"), 0);
      file.write(bytes("W"), 6);
      file.force();
      assertThat(file.size()).isEqualTo(11);
      assertThat(read(file, 0, 100)).isEqualTo("hello World");
      assertThat(read(file, 11, 5)).isEmpty();
      file.truncate(5);
      assertThat(read(file, 0, 100)).isEqualTo("hello");
    }
    disk.rename(file(), directory.resolve("other"));
    disk.forceDirectory(directory);
    assertThat(disk.list(directory)).containsExactly("other");
    disk.delete(directory.resolve("other"));
    disk.delete(directory.resolve("other"));
    assertThat(disk.list(directory)).isEmpty();
    assertThat(disk.list(directory.resolve("none"))).isEmpty();
    assertThat(disk.freeBytes(directory)).isPositive();
  }

  @Test
  void saysWhetherANameIsTaken() throws IOException {
    disk.create(file()).close();

    assertThatThrownBy(() -> disk.create(file())).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.open(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.openForRead(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void locksADirectoryOnce() throws Exception {
    Path nested = directory.resolve("a/b/c");
    disk.createDirectories(nested);
    AutoCloseable lock = disk.lock(nested);

    assertThatThrownBy(() -> disk.lock(nested)).isInstanceOf(WeirException.class);
    lock.close();
    disk.lock(nested).close();
  }

  @Test
  void anInterruptedReaderSpoilsTheFileForNobody() throws Exception {
    try (DiskFile file = disk.create(file())) {
      file.write(bytes("kept"), 0);
    }
    try (DiskFile shared = disk.openForRead(file())) {
      AtomicReference<String> seen = new AtomicReference<>("");
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                Thread.currentThread().interrupt();
                try {
                  seen.set(read(shared, 0, 10) + Thread.currentThread().isInterrupted());
                } catch (IOException e) {
                  seen.set(e.toString());
                }
              });
      reader.join();

      assertThat(seen).hasValue("kepttrue");
      assertThat(read(shared, 0, 10)).isEqualTo("kept");
    }
  }

  @Test
  void readsOnWhileOthersAreInterrupted() throws Exception {
    try (DiskFile file = disk.create(file())) {
      file.write(bytes("x".repeat(1 << 16)), 0);
    }
    try (DiskFile shared = disk.openForRead(file())) {
      Thread victim =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 40; i++) {
                    read(shared, 0, 1 << 16);
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      for (int i = 0; victim.isAlive(); i++) {
        victim.interrupt();
        assertThat(read(shared, i % 1_000, 3)).isEqualTo("xxx");
      }
    }
  }

  @Test
  void writesAnyPlaceAndLengthAsItIs() throws IOException {
    RandomGenerator random = Seeds.random("FileDiskTest");
    byte[] expected = new byte[1 << 20];
    GroupBuffer group = new GroupBuffer();
    try (DiskFile file = disk.create(file())) {
      long end = 0;
      for (int i = 0; i < 60; i++) {
        int position = random.nextInt((int) Math.min(end + 1, 500_000));
        byte[] part = new byte[1 + random.nextInt(i % 2 == 0 ? 200_000 : 9_000)];
        random.nextBytes(part);
        System.arraycopy(part, 0, expected, position, part.length);
        group.clear(position);
        group.withRoom(part.length).put(part);

        file.write(new ByteBuffer[] {group.content()}, position);
        file.force();

        end = Math.max(end, position + part.length);
        assertThat(file.size()).isEqualTo(end);
        ByteBuffer seen = ByteBuffer.allocate((int) end);
        assertThat(file.read(seen, 0)).isEqualTo((int) end);
        assertThat(Arrays.mismatch(seen.array(), 0, (int) end, expected, 0, (int) end))
            .as("write %d at %d of %d bytes", i, position, part.length)
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void takesWholeBlocksOfAlignedBuffersPastTheCache() throws IOException {
    GroupBuffer group = new GroupBuffer();
    try (DiskFile file = disk.create(file());
        DirectWrites direct = new DirectWrites(file())) {
      int position = 5_000;
      group.clear(position);
      ByteBuffer content = group.withRoom(100_000).put(new byte[100_000]).duplicate().flip();

      assertThat(DirectWrites.lead(position)).isEqualTo(3_192);
      assertThat(direct.bytes(content, position)).isEqualTo(23 * 4_096);
      assertThat(direct.bytes(content, position + 1)).isZero();
      assertThat(direct.bytes(content.duplicate().limit(15_000), position)).isZero();
      assertThat(direct.bytes(ByteBuffer.allocate(100_000), 0)).isZero();
      assertThat(file.size()).isZero();
    }
  }
}
