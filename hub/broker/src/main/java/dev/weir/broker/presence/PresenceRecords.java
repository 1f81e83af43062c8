package dev.weir.broker.presence;

import dev.weir.base.Bytes;
import dev.weir.broker.PresenceMember;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Presence as the journal keeps it: what is so after each change, one behind the other; the whole
/// state likewise, behind a head. Numbers are big-endian; a text is its length in bytes (2) and
/// UTF-8.
///
/// ```
///  0    kind: 1 head, 2 present, 3 left
///  1    sequence (8)
///
///  head      9 newest sequence of a forgotten topic (8)
///  present   9 topic text, name text, user text, since (8), grace in ms (4), data length (4), data
///  left      9 topic text, name text
/// ```
///
/// Version 1 of this layout is the absence of any other kind.
final class PresenceRecords {
  private static final int HEAD = 1;
  private static final int PRESENT = 2;
  private static final int LEFT = 3;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final DataOutputStream out = new DataOutputStream(bytes);

  int length() {
    return bytes.size();
  }

  Bytes content() {
    return Bytes.wrap(bytes.toByteArray());
  }

  /// Records that stood before these ones.
  void append(Bytes earlier) {
    bytes.write(earlier.array(), earlier.arrayOffset(), earlier.length());
  }

  void head(long sequence, long forgotten) {
    try {
      out.writeByte(HEAD);
      out.writeLong(sequence);
      out.writeLong(forgotten);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void present(String topic, long sequence, PresenceMember member) {
    try {
      out.writeByte(PRESENT);
      out.writeLong(sequence);
      text(topic);
      text(member.name());
      text(member.user());
      out.writeLong(member.sinceMicros());
      out.writeInt((int) member.grace().toMillis());
      out.writeInt(member.data().length());
      out.write(member.data().array(), member.data().arrayOffset(), member.data().length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void left(String topic, long sequence, String name) {
    try {
      out.writeByte(LEFT);
      out.writeLong(sequence);
      text(topic);
      text(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(utf8.length);
    out.write(utf8);
  }

  /// All of a table.
  static Bytes of(PresenceTable table) {
    PresenceRecords records = new PresenceRecords();
    records.head(table.sequence(), table.forgotten());
    table.forEach((topic, sequence, member) -> records.present(topic, sequence, member));
    return records.content();
  }

  /// Takes records in.
  ///
  /// @param after records with this sequence or an older one are in the table already
  /// @throws IOException when they are no such records
  static void read(Bytes content, PresenceTable table, long after) throws IOException {
    DataInputStream in =
        new DataInputStream(
            new ByteArrayInputStream(content.array(), content.arrayOffset(), content.length()));
    while (in.available() > 0) {
      int kind = in.readUnsignedByte();
      long sequence = in.readLong();
      switch (kind) {
        case HEAD -> table.head(sequence, in.readLong());
        case PRESENT -> {
          String topic = text(in);
          PresenceMember member = member(in);
          if (sequence > after) {
            table.put(topic, member, sequence);
          }
        }
        case LEFT -> {
          String topic = text(in);
          String name = text(in);
          if (sequence > after) {
            table.remove(topic, name, sequence);
          }
        }
        default -> throw new IOException("a record of presence of kind " + kind + ", expected 1-3");
      }
    }
  }

  private static PresenceMember member(DataInputStream in) throws IOException {
    String name = text(in);
    String user = text(in);
    long since = in.readLong();
    Duration grace = Duration.ofMillis(in.readInt());
    return new PresenceMember(name, user, Bytes.wrap(exactly(in, in.readInt())), since, grace);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(exactly(in, in.readUnsignedShort()), StandardCharsets.UTF_8);
  }

  private static byte[] exactly(DataInputStream in, int length) throws IOException {
    if (length < 0 || length > in.available()) {
      throw new IOException("a record of presence ends before its time");
    }
    return in.readNBytes(length);
  }
}
