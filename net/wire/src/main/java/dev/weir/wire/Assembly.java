package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/// Puts the frames of one message together, without copying them. The frames of a message follow
/// each other on their stream, where a router may have put those of other messages between them;
/// its first one announces how many bytes it has.
///
/// Owned by the connection's event loop.
final class Assembly {
  private final FrameType type;
  private final int mid;
  private final long totalBytes;
  private final CompositeByteBuf parts;
  private final MessageView head = new MessageView();
  private long creditBytes;

  /// @throws WeirException PROTOCOL_BROKEN when no length is announced
  Assembly(FrameView frame, ByteBufAllocator allocator) {
    type = frame.type();
    mid = frame.mid();
    totalBytes = frame.total();
    if (totalBytes < 0) {
      throw new WeirException(
          ErrorCode.PROTOCOL_BROKEN, "A message in parts announces no length, on mid " + mid + ".");
    }
    head.begin(frame);
    parts = allocator.compositeBuffer(Integer.MAX_VALUE);
  }

  /// Whether a frame is of this message.
  boolean isContinuedBy(FrameView frame) {
    return frame.type() == type && frame.mid() == mid;
  }

  /// What the frames so far cost of credit.
  long creditBytes() {
    return creditBytes;
  }

  long totalBytes() {
    return totalBytes;
  }

  /// What of the message is still to come.
  long missingBytes() {
    return totalBytes - parts.readableBytes();
  }

  /// Adds a frame.
  ///
  /// @param body of the frame, not compressed; released in any case
  /// @return whether the message is whole
  /// @throws WeirException PROTOCOL_BROKEN when the frame is of another message, or there is more
  ///   or less than announced
  boolean add(FrameView frame, ByteBuf body) {
    long bytes = (long) parts.readableBytes() + body.readableBytes();
    boolean isWhole = !frame.hasMore();
    if (frame.type() != type
        || frame.mid() != mid
        || bytes > totalBytes
        || (isWhole && bytes != totalBytes)) {
      body.release();
      throw new WeirException(
          ErrorCode.PROTOCOL_BROKEN,
          "Part of message "
              + frame.mid()
              + " does not continue "
              + mid
              + ", at byte "
              + bytes
              + " of "
              + totalBytes
              + ".");
    }
    parts.addComponent(true, body);
    creditBytes += frame.frameBytes();
    return isWhole;
  }

  /// The whole message; it lives until [#release].
  MessageView message() {
    head.body(parts, 0, parts.readableBytes(), creditBytes);
    return head;
  }

  FrameType type() {
    return type;
  }

  void release() {
    head.clear();
    parts.release();
  }
}
