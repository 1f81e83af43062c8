package dev.weir.gateway.web.http;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A request's body while it comes in: bounded by itself and together with all others. Owned by the
/// connection's event loop.
final class RequestBody {
  private static final int GRAIN_BYTES = 8 << 10;

  private final WebCounters counters;
  private final int maxBytes;
  private final List<byte[]> full = new ArrayList<>();
  private byte[] last = new byte[0];
  private int lastBytes;
  private int length;
  private long held;

  RequestBody(WebCounters counters, int maxBytes) {
    this.counters = counters;
    this.maxBytes = maxBytes;
  }

  int length() {
    return length;
  }

  /// Refuses a body by the length that its sender announced.
  ///
  /// @throws WeirException with TOO_LARGE
  void announce(long bytes) {
    if (bytes > maxBytes) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The body has " + bytes + " bytes, and this path takes " + maxBytes + ".");
    }
  }

  /// Takes the next part.
  ///
  /// @throws WeirException with TOO_LARGE, or OVERLOADED when all bodies together are too large
  void add(ByteBuf part) {
    int bytes = part.readableBytes();
    if (bytes > maxBytes - length) {
      throw new WeirException(
          ErrorCode.TOO_LARGE, "The body has more than the " + maxBytes + " bytes of this path.");
    }
    if (!counters.tryHold(bytes)) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "The requests that are being read hold all the memory they may.");
    }
    held += bytes;
    length += bytes;
    while (part.isReadable()) {
      if (lastBytes == last.length) {
        grow();
      }
      int count = Math.min(part.readableBytes(), last.length - lastBytes);
      part.readBytes(last, lastBytes, count);
      lastBytes += count;
    }
  }

  /// The next array is as large as all before together, so that a body is copied once more at most.
  private void grow() {
    if (last.length > 0) {
      full.add(last);
    }
    last = new byte[Math.max(GRAIN_BYTES, Math.min(length, maxBytes))];
    lastBytes = 0;
  }

  Bytes bytes() {
    if (full.isEmpty()) {
      return Bytes.wrap(lastBytes == last.length ? last : Arrays.copyOf(last, lastBytes));
    }
    byte[] whole = new byte[length];
    int at = 0;
    for (byte[] part : full) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    System.arraycopy(last, 0, whole, at, lastBytes);
    return Bytes.wrap(whole);
  }

  /// Gives the memory back. Idempotent.
  void release() {
    counters.release(held);
    held = 0;
  }
}
