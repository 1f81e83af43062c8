package dev.weir.wire;

import io.netty.buffer.ByteBuf;

/// Passes frames on from one connection's stream to another's without decoding them.
final class FrameRelay {
  private FrameRelay() {}

  static boolean forward(
      FrameView frame, WireStream target, long targetLimit, int mid, Written written) {
    int flags = frame.flags() & (FrameHeader.MORE | FrameHeader.EXT | FrameHeader.ONEWAY);
    frame.setSlimit(targetLimit);
    boolean isWritten = target.sender().raw(frame.type(), mid, flags, frame, written);
    target.connection().flushSoon();
    return isWritten;
  }

  /// Takes the time that a frame has waited here from its deadline, in place; what is left is 0 at
  /// least.
  ///
  /// @param payload of a frame whose extension block has DEADLINE, the first of its fields
  static void age(ByteBuf payload, long waitedNanos) {
    int at = payload.readerIndex() + FrameExt.FIXED_BYTES;
    long left = payload.getUnsignedInt(at) - waitedNanos / 1_000;
    payload.setInt(at, (int) Math.max(0, left));
  }

  /// Extension block and body as they are, with a reference of their own.
  static ByteBuf payload(FrameView frame) {
    return frame.buffer().retainedSlice(frame.payloadIndex(), frame.len());
  }
}
