package dev.weir.rpc;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Part of a buffer as a stream whose length is known, read where it lies. Valid as long as the
/// buffer is: a marshaller must have read it when it returns, unless it takes it by [#detach].
///
/// A marshaller that asks for buffers ([HasByteBuffer]) parses what the socket brought without a
/// copy of its own; one that does not copies by `read`.
final class BodyStream extends InputStream implements KnownLength, HasByteBuffer, Detachable {
  private ByteBuf buffer;
  private int at;
  private int end;
  private int mark;
  private boolean isOwner;
  private ByteBuffer @Nullable [] parts;
  private int partsAt;

  BodyStream(ByteBuf buffer, int index, int length) {
    this.buffer = buffer;
    this.at = index;
    this.end = index + length;
    this.mark = index;
  }

  @Override
  public int available() {
    return end - at;
  }

  @Override
  public int read() {
    return at == end ? -1 : buffer.getByte(at++) & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int count = Math.min(length, available());
    if (count == 0) {
      return -1;
    }
    buffer.getBytes(at, target, offset, count);
    at += count;
    return count;
  }

  @Override
  public long skip(long count) {
    int skipped = Math.clamp(count, 0, available());
    at += skipped;
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int limit) {
    mark = at;
  }

  @Override
  public void reset() {
    at = mark;
  }

  @Override
  public boolean byteBufferSupported() {
    return true;
  }

  /// What follows, as far as it lies together; null at the end. Moves nothing: `skip` does.
  @Override
  public @Nullable ByteBuffer getByteBuffer() {
    if (at == end) {
      return null;
    }
    ByteBuffer[] known = parts;
    if (known == null || at < partsAt) {
      known = buffer.nioBuffers(at, available());
      parts = known;
      partsAt = at;
    }
    int from = at - partsAt;
    int next = 0;
    while (from >= known[next].remaining()) {
      from -= known[next++].remaining();
    }
    ByteBuffer part = known[next].asReadOnlyBuffer();
    return part.position(part.position() + from);
  }

  /// Hands the rest over to a stream that keeps the buffer alive until it is closed; this one is at
  /// its end then. The memory is no longer counted as the call's.
  @Override
  public InputStream detach() {
    BodyStream taken = new BodyStream(isOwner ? buffer : buffer.retain(), at, available());
    taken.isOwner = true;
    letGo();
    return taken;
  }

  private void letGo() {
    isOwner = false;
    buffer = Unpooled.EMPTY_BUFFER;
    at = 0;
    end = 0;
    mark = 0;
    parts = null;
  }

  @Override
  public void close() {
    if (isOwner) {
      ByteBuf mine = buffer;
      letGo();
      mine.release();
    }
  }
}
