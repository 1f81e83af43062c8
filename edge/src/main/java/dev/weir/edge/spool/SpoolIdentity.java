package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.base.disk.DiskFile;
import dev.weir.message.BatchSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Who numbers the frames of a spool: the file `identity` beside its log, one line of text:
///
/// ```
/// weir-spool 1 INCARNATION CRC AGENT        incarnation and crc in hexadecimal;
///                                           crc32c of "INCARNATION AGENT"
/// ```
///
/// It is written once, when the spool is created. A copied spool carries a copied identity, and the
/// core will keep only one of the two sessions.
final class SpoolIdentity {
  private static final String FILE = "identity";
  private static final String MAGIC = "weir-spool 1";

  private SpoolIdentity() {}

  /// @return empty when there is none, or when it cannot be read
  static Optional<BatchSource> read(Disk disk, Path directory) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(1024);
    try (DiskFile file = disk.openForRead(directory.resolve(FILE))) {
      while (target.hasRemaining() && file.read(target, target.position()) > 0) {}
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    String text = new String(target.array(), 0, target.position(), StandardCharsets.UTF_8);
    String[] words = text.strip().split(" ", 5);
    boolean isWhole =
        words.length == 5
            && (words[0] + " " + words[1]).equals(MAGIC)
            && words[3].equals(crc(words[2], words[4]));
    return isWhole
        ? Optional.of(new BatchSource(words[4], Long.parseUnsignedLong(words[2], 16)))
        : Optional.empty();
  }

  static void write(Disk disk, Path directory, BatchSource source) throws IOException {
    String incarnation = Long.toHexString(source.incarnation());
    String crc = crc(incarnation, source.agent());
    String text = String.join(" ", MAGIC, incarnation, crc, source.agent()) + "\n";
    Path fresh = directory.resolve(FILE + ".new");
    disk.delete(fresh);
    try (DiskFile file = disk.create(fresh)) {
      file.write(new ByteBuffer[] {Bytes.utf8(text).buffer()}, 0);
      file.force();
    }
    disk.rename(fresh, directory.resolve(FILE));
    disk.forceDirectory(directory);
  }

  /// @throws WeirException with CONFIG_INVALID when the spool was made for another agent
  static void check(BatchSource found, String agent, Path directory) {
    if (!found.agent().equals(agent)) {
      throw new WeirException(
          ErrorCode.CONFIG_INVALID,
          "The spool in "
              + directory
              + " belongs to agent '"
              + found.agent()
              + "', not '"
              + agent
              + "'. Use its name, or another spool.");
    }
  }

  private static String crc(String incarnation, String agent) {
    CRC32C crc = new CRC32C();
    crc.update((incarnation + " " + agent).getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
