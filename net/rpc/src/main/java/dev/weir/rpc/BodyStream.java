package dev.weir.rpc;

import io.grpc.KnownLength;
import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.util.Objects;

/// Part of a buffer as a stream whose length is known, read where it lies. Valid as long as the
/// buffer is: a marshaller must have read it when it returns.
final class BodyStream extends InputStream implements KnownLength {
  private final ByteBuf buffer;
  private int at;
  private final int end;

  BodyStream(ByteBuf buffer, int index, int length) {
    this.buffer = buffer;
    this.at = index;
    this.end = index + length;
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
}
