package dev.weir.link;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Bytes of a field that was received, without a copy where the field has an array of its own,
/// which it has as gRPC parses it. Neither side ever writes to it.
public final class GrpcBytes {
  private GrpcBytes() {}

  /// The bytes of a field.
  public static Bytes of(ByteString field) {
    if (field.isEmpty()) {
      return Bytes.EMPTY;
    }
    Taken taken = new Taken(field.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(field, taken);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Nothing is written anywhere.
    }
    return Bytes.wrap(taken.content());
  }

  /// Takes an array that holds exactly what is expected; everything else is copied.
  private static final class Taken extends ByteOutput {
    private final int length;
    private byte @Nullable [] content;
    private int filled;

    Taken(int length) {
      this.length = length;
    }

    byte[] content() {
      return content == null ? new byte[0] : content;
    }

    private byte[] room() {
      byte[] known = content;
      if (known == null) {
        known = new byte[length];
        content = known;
      }
      return known;
    }

    @Override
    public void write(byte value) {
      room()[filled++] = value;
    }

    @Override
    public void write(byte[] value, int offset, int count) {
      System.arraycopy(value, offset, room(), filled, count);
      filled += count;
    }

    @Override
    public void writeLazy(byte[] value, int offset, int count) {
      if (offset == 0 && count == length && value.length == length) {
        content = value;
        filled = count;
      } else {
        write(value, offset, count);
      }
    }

    @Override
    public void write(ByteBuffer value) {
      int count = value.remaining();
      value.get(room(), filled, count);
      filled += count;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      write(value);
    }
  }
}
