package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;

/// A compressed body, where it was agreed and the flag ZSTD is set:
///
/// ```
///  0             4
///  +-------------+--------------------------+
///  | plain u32   | a zstd frame of as much  |   plain: bytes of the body when it is not compressed
///  +-------------+--------------------------+
/// ```
///
/// Each frame of a message in parts is compressed by itself, so that no message holds up a loop,
/// and parts are put together, bounded and passed on as if they were not compressed. A frame costs
/// credit for its plain bytes: what a small body can make its receiver hold is paid for before.
final class PackedBody {
  static final int PLAIN_BYTES = 4;

  /// How a stream ends whose frame is damaged.
  static final WireStatus DAMAGED =
      WireStatus.of(
          StatusCode.DATA_LOSS,
          ErrorCode.MALFORMED.label() + ": A compressed body does not hold what it announces.");

  private PackedBody() {}

  /// What a body announces.
  ///
  /// @throws WeirException MALFORMED unless that is more than it has, and a frame takes it
  static int plainBytes(ByteBuf buffer, int index, int length) {
    long plain = length <= PLAIN_BYTES ? 0 : buffer.getUnsignedInt(index);
    if (plain <= length || plain > WireLimits.MAX_FRAME_BYTES) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "A compressed body of "
              + length
              + " bytes announces "
              + plain
              + ", expected more and "
              + WireLimits.MAX_FRAME_BYTES
              + " at most.");
    }
    return (int) plain;
  }
}
