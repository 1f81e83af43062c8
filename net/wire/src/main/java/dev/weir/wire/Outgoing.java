package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Something that waits in a stream's queue: a message with what of it is still to be sent, or the
/// stream's end. Kept and used again by the connection.
///
/// Owned by the connection's event loop.
final class Outgoing {
  /// Fields of [#flags] that are no flags of the header.
  static final int HAS_ROUTE = 1 << 8;

  /// The body is extension block and body of a frame that is passed on as it is.
  static final int IS_RAW = 1 << 9;

  /// The raw body is compressed and its peer takes no such, so that it is to be written plain.
  static final int IS_PACKED = 1 << 10;

  FrameType type = FrameType.UNKNOWN;
  int mid;
  int flags;
  @Nullable ByteBuf body;

  /// Bytes of the body; of a raw frame, what the peer is to hold of it.
  int totalBytes;

  /// What a raw frame cost the one that it came from.
  int sourceBytes;

  int sentBytes;

  /// When a message is over; of a raw frame that has a deadline, when it came.
  long deadlineNanos = PendingCalls.NEVER;

  long route;
  @Nullable WireStatus status;
  Metadata metadata = Metadata.EMPTY;
  @Nullable Written written;
  @Nullable Outgoing next;

  Outgoing() {}

  boolean isMessage() {
    return body != null;
  }

  boolean isRaw() {
    return (flags & IS_RAW) != 0;
  }

  int remainingBytes() {
    return totalBytes - sentBytes;
  }

  /// Lets go of everything, for the next use.
  void clear() {
    if (body != null) {
      body.release();
      body = null;
    }
    flags = 0;
    totalBytes = 0;
    sourceBytes = 0;
    sentBytes = 0;
    deadlineNanos = PendingCalls.NEVER;
    route = 0;
    status = null;
    metadata = Metadata.EMPTY;
    written = null;
    next = null;
  }
}
