package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.disk.DiskFile;
import dev.weir.base.disk.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SimDiskTest {
  private static final Path DIRECTORY = Path.of("/data");
  private static final Path FILE = DIRECTORY.resolve("file");
  private final SimDisk disk = new SimDisk();
  private final RandomGenerator random = new SplittableRandom(7);

  private static void write(DiskFile file, String text, long position) throws IOException {
    file.write(new ByteBuffer[] {ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))}, position);
  }

  private static String read(SimDisk from, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    try (DiskFile file = from.openForRead(FILE)) {
      int got = file.read(bytes, 0);
      return new String(bytes.array(), 0, got, StandardCharsets.UTF_8);
    }
  }

  @Test
  void keepsForcedBytesUnderForcedNames() throws IOException {
    DiskFile file = disk.create(FILE);
    write(file, "kept", 0);
    file.force();
    disk.forceDirectory(DIRECTORY);

    for (int i = 0; i < 20; i++) {
      assertThat(read(disk.afterCrash(random), 10)).isEqualTo("kept");
    }
  }

  @Test
  void losesOrKeepsWhatWasNotForced() throws IOException {
    DiskFile file = disk.create(FILE);
    write(file, "old", 0);
    file.force();
    disk.forceDirectory(DIRECTORY);
    write(file, "new", 0);
    write(file, "tail", 600);

    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      String found = read(disk.afterCrash(random), 604);
      seen.add(found.substring(0, 3) + (found.endsWith("tail") ? "+tail" : ""));
    }

    assertThat(seen).containsExactlyInAnyOrder("old", "new", "old+tail", "new+tail");
  }

  @Test
  void losesANameWhoseDirectoryWasNotForced() throws IOException {
    disk.create(FILE).force();

    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seen.add(disk.afterCrash(random).files().size());
    }

    assertThat(seen).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void liesAfterAFailedForceAsLinuxDoes() throws IOException {
    DiskFile file = disk.create(FILE);
    disk.forceDirectory(DIRECTORY);
    write(file, "x".repeat(5_120), 0);
    disk.failMutation(disk.mutations() + 1, Fault.EIO);

    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    file.force();

    assertThat(read(disk, 10_000)).hasSize(5_120);
    assertThat(read(disk.afterCrash(random), 10_000)).isNotEqualTo("x".repeat(5_120));
  }

  @Test
  void refusesBytesBeyondItsCapacity() throws IOException {
    disk.capacity(1_024);
    DiskFile file = disk.create(FILE);
    write(file, "x".repeat(1_024), 0);

    assertThatThrownBy(() -> write(file, "y", 1_024)).isInstanceOf(NoSpaceException.class);
    write(file, "y", 1_023);
  }

  @Test
  void stopsAtTheCallThatIsToCrash() throws IOException {
    disk.failMutation(2, Fault.CRASH);
    DiskFile file = disk.create(FILE);

    assertThatThrownBy(() -> write(file, "x", 0)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.list(DIRECTORY)).isInstanceOf(IOException.class);
    assertThat(disk.hasCrashed()).isTrue();
  }

  @Test
  void flipsABit() throws IOException {
    DiskFile file = disk.create(FILE);
    write(file, "a", 0);

    disk.flipBit(FILE, 1);

    assertThat(read(disk, 1)).isEqualTo("c");
  }
}
