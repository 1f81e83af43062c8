package dev.weir.wire;

import io.netty.buffer.ByteBuf;

/// Passes frames on from one connection's stream to another's without decoding them.
final class FrameRelay {
  /// A frame of half a buffer may keep it: copying the largest frames, of 64 KiB, would cost more
  /// than the other half.
  private static final int MAX_SHARE = 2;

  private FrameRelay() {}

  static boolean forward(
      FrameView frame, WireStream target, long targetLimit, int mid, Written written) {
    int flags = frame.flags() & (FrameHeader.MORE | FrameHeader.EXT | FrameHeader.ONEWAY);
    if ((frame.flags() & FrameHeader.AGREED) != 0) {
      flags |= target.connection().outbound().messages().passedOn(frame.flags());
    }
    frame.setSlimit(targetLimit);
    boolean isWritten = target.sender().raw(frame.type(), mid, flags, frame, written);
    target.connection().turn().flushSoon();
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

  /// Extension block and body as they are, with a reference of their own. A frame that would keep a
  /// receive buffer alive of which it is the smaller part is copied: what waits costs memory for
  /// itself, not for the megabyte that it came in.
  ///
  /// @param length all behind the header, or all but the checksum
  static ByteBuf payload(FrameView frame, int length) {
    ByteBuf in = frame.buffer();
    return in.capacity() > MAX_SHARE * length
        ? in.alloc().directBuffer(length).writeBytes(in, frame.payloadIndex(), length)
        : in.retainedSlice(frame.payloadIndex(), length);
  }
}
