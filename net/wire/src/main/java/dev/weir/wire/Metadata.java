package dev.weir.wire;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Names and values that go with a stream or its end; order and repetitions are kept, values are
/// any bytes. On the wire:
///
/// ```
///  +-------+------------+------+----------+-------+
///  | count | nameLength | name | valueLen | value |   the last four `count` times
///  | u16   | u8         | UTF-8| u16      |       |
///  +-------+------------+------+----------+-------+
/// ```
///
/// @param entries in order
public record Metadata(List<Entry> entries) {
  /// What an extension block has room for beside its other fields.
  public static final int MAX_BYTES = 60 << 10;

  public static final Metadata EMPTY = new Metadata(List.of());

  private static final int COUNT_BYTES = 2;

  /// @param name 1 to 255 bytes of UTF-8
  /// @param value any bytes
  public record Entry(String name, Bytes value) {
    public Entry {
      Checks.range("bytes of the name", Bytes.utf8(name).length(), 1, 255);
      Checks.range("bytes of the value", value.length(), 0, MAX_BYTES);
    }

    private int encodedBytes() {
      return 3 + Bytes.utf8(name).length() + value.length();
    }
  }

  public Metadata {
    entries = List.copyOf(entries);
    int bytes = COUNT_BYTES + entries.stream().mapToInt(Entry::encodedBytes).sum();
    Checks.range("bytes of the metadata", bytes, COUNT_BYTES, MAX_BYTES);
  }

  /// One text entry.
  public static Metadata of(String name, String value) {
    return new Metadata(List.of(new Entry(name, Bytes.utf8(value))));
  }

  /// The same with one more text entry behind the others.
  public Metadata and(String name, String value) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(new Entry(name, Bytes.utf8(value)));
    return new Metadata(more);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// The first value of a name.
  public Optional<Bytes> first(String name) {
    return entries.stream().filter(e -> e.name().equals(name)).map(Entry::value).findFirst();
  }

  /// What it takes on the wire.
  public int encodedBytes() {
    return COUNT_BYTES + entries.stream().mapToInt(Entry::encodedBytes).sum();
  }

  /// Writes it as pictured above.
  public void encode(ByteBuf out) {
    out.writeShort(entries.size());
    for (Entry entry : entries) {
      byte[] name = Bytes.utf8(entry.name()).toArray();
      out.writeByte(name.length).writeBytes(name);
      Bytes value = entry.value();
      out.writeShort(value.length());
      out.writeBytes(value.array(), value.arrayOffset(), value.length());
    }
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws WeirException MALFORMED when it does not fill exactly the given bytes
  public static Metadata decode(ByteBuf buffer, int index, int length) {
    Fields in = new Fields(buffer, index, length);
    int count = in.u16();
    List<Entry> entries = new ArrayList<>(Math.min(count, length / 4));
    for (int i = 0; i < count; i++) {
      String name = in.text(in.u8());
      if (name.isEmpty()) {
        throw new WeirException(ErrorCode.MALFORMED, "Metadata " + i + " has no name.");
      }
      entries.add(new Entry(name, in.bytes(in.u16())));
    }
    if (in.remaining() != 0 || length > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.MALFORMED, "Metadata of " + length + " bytes ends with too much.");
    }
    try {
      return new Metadata(entries);
    } catch (IllegalArgumentException e) {
      throw new WeirException(ErrorCode.MALFORMED, "Metadata is refused: " + e.getMessage(), e);
    }
  }
}
