package dev.weir.wire;

import dev.weir.base.Checks;
import io.netty.buffer.ByteBuf;

/// The extension block of the frame that is written next: filled, written, cleared, again and
/// again.
///
/// Owned by the connection's event loop; allocates nothing.
final class ExtFields {
  private int bitmap;
  private long deadlineMicros;
  private long route;
  private long total;
  private int status;
  private Metadata metadata = Metadata.EMPTY;
  private int metaBytes;

  ExtFields clear() {
    bitmap = 0;
    metaBytes = 0;
    metadata = Metadata.EMPTY;
    return this;
  }

  ExtFields deadlineMicros(long micros) {
    bitmap |= FrameExt.DEADLINE;
    deadlineMicros = Math.clamp(micros, 0, OpenRequest.MAX_DEADLINE_MICROS);
    return this;
  }

  ExtFields route(long hash) {
    bitmap |= FrameExt.ROUTE;
    route = hash;
    return this;
  }

  ExtFields total(long bytes) {
    bitmap |= FrameExt.TOTAL;
    total = bytes;
    return this;
  }

  ExtFields status(WireStatus value) {
    bitmap |= FrameExt.STATUS;
    status = value.bits();
    return this;
  }

  /// Adds metadata unless it is empty.
  ExtFields metadata(Metadata value) {
    if (!value.isEmpty()) {
      bitmap |= FrameExt.META;
      metadata = value;
      metaBytes = value.encodedBytes();
    }
    return this;
  }

  int bitmap() {
    return bitmap;
  }

  boolean isEmpty() {
    return bitmap == 0;
  }

  /// Bytes of the block; 0 when there is none.
  int encodedBytes() {
    return bitmap == 0 ? 0 : FrameExt.FIXED_BYTES + FrameExt.fieldBytes(bitmap) + metaBytes;
  }

  void write(ByteBuf out) {
    Checks.state(bitmap != 0, "an empty extension block was to be written");
    FrameExt.writeStart(out, bitmap, metaBytes);
    if ((bitmap & FrameExt.DEADLINE) != 0) {
      out.writeInt((int) deadlineMicros);
    }
    if ((bitmap & FrameExt.ROUTE) != 0) {
      out.writeLong(route);
    }
    if ((bitmap & FrameExt.TOTAL) != 0) {
      out.writeLong(total);
    }
    if ((bitmap & FrameExt.STATUS) != 0) {
      out.writeShort(status);
    }
    if ((bitmap & FrameExt.META) != 0) {
      out.writeShort(metaBytes);
      metadata.encode(out);
    }
  }
}
