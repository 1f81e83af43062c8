package dev.weir.remote;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/// Many bodies in one gRPC message: `(length u32 | body)…`, at most [#MAX_BYTES] or [#MAX_COUNT]
/// unless a single one is larger. Owned by one thread.
public final class BatchCodec {
  /// Beyond that a larger batch gained nothing in the published table's setting.
  public static final int MAX_BYTES = 64 << 10;

  public static final int MAX_COUNT = 512;
  private static final int PREFIX = Integer.BYTES;

  private final Consumer<byte[]> out;
  private ByteBuffer gathered = ByteBuffer.allocate(MAX_BYTES);
  private int count;

  /// @param out takes each batch
  public BatchCodec(Consumer<byte[]> out) {
    this.out = out;
  }

  /// Adds a body, and passes the batch on when it is full.
  public void add(byte[] source, int offset, int length) {
    if (gathered.remaining() < length + PREFIX) {
      flush();
      if (gathered.capacity() < length + PREFIX) {
        gathered = ByteBuffer.allocate(length + PREFIX);
      }
    }
    gathered.putInt(length).put(source, offset, length);
    count++;
    if (count == MAX_COUNT) {
      flush();
    }
  }

  /// Passes on what was added since; nothing when nothing was.
  public void flush() {
    if (count > 0) {
      byte[] batch = new byte[gathered.position()];
      gathered.flip().get(batch).clear();
      count = 0;
      out.accept(batch);
    }
  }

  /// Takes one body of a batch.
  @FunctionalInterface
  public interface Bodies {
    void body(byte[] batch, int offset, int length);
  }

  /// Goes through a batch.
  ///
  /// @throws IndexOutOfBoundsException when it is cut
  public static void split(byte[] batch, Bodies bodies) {
    ByteBuffer in = ByteBuffer.wrap(batch);
    while (in.hasRemaining()) {
      int length = in.getInt();
      int offset = in.position();
      in.position(Objects.checkIndex(offset + length, batch.length + 1));
      bodies.body(batch, offset, length);
    }
  }
}
