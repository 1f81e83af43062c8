package dev.weir.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Checksum;

/// An immutable run of bytes with value equality. A slice shares the array that it was cut from:
/// whoever wraps an array must not write to it again.
public final class Bytes {
  /// No bytes at all: how an absent key, id or body is written.
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /// Wraps a whole array without copying it.
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
  }

  /// Wraps part of an array without copying it.
  public static Bytes wrap(byte[] array, int offset, int length) {
    Checks.range("offset", offset, 0, array.length);
    Checks.range("length", length, 0, array.length - offset);
    return length == 0 ? EMPTY : new Bytes(array, offset, length);
  }

  /// Copies what is left of a buffer; the buffer's position does not move.
  public static Bytes copyOf(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(buffer.position(), copy);
    return wrap(copy);
  }

  /// The UTF-8 encoding of a text.
  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /// The byte at an index in `[0, length)`.
  public byte at(int index) {
    return array[offset + Checks.index("index", index, length)];
  }

  /// The bytes `[from, from + count)`, sharing the same array.
  public Bytes slice(int from, int count) {
    Checks.range("from", from, 0, length);
    Checks.range("count", count, 0, length - from);
    return wrap(array, offset + from, count);
  }

  /// A read-only view, positioned at the first byte.
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
  }

  /// Copies every byte into `target` from `targetOffset` on.
  public void copyTo(byte[] target, int targetOffset) {
    System.arraycopy(array, offset, target, targetOffset, length);
  }

  /// Appends every byte at the target's position.
  public void copyTo(ByteBuffer target) {
    target.put(array, offset, length);
  }

  /// Feeds every byte to a checksum without copying.
  public void update(Checksum checksum) {
    checksum.update(array, offset, length);
  }

  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /// The array that is shared, for libraries that take one; never to be written to.
  public byte[] array() {
    return array;
  }

  /// Where the bytes begin in [#array].
  public int arrayOffset() {
    return offset;
  }

  /// The bytes read as UTF-8; malformed input becomes U+FFFD.
  public String utf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Bytes[" + length + "]";
  }
}
