package dev.weir.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Encodes and decodes the frame headers of one segment. Holds a scratch array: one per thread.
///
/// ```
/// scratch  0        16         24         32                          92    96
///          ├ log id ─┼ segment ─┼ position ┼ header without its crc ───┼ crc ┤
///          └──────────────── headerCrc covers ─────────────────────────┘
/// ```
final class FrameCodec {
  private static final int SALT_BYTES = 32;
  private static final int HEADER_CRC_AT = SALT_BYTES + 60;

  private final byte[] scratch = new byte[SALT_BYTES + Layout.FRAME_HEADER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();

  FrameCodec(UUID log, long segment) {
    view.putLong(0, log.getMostSignificantBits());
    view.putLong(8, log.getLeastSignificantBits());
    view.putLong(16, segment);
  }

  /// Puts the 64 bytes at the target's position.
  void encode(FrameHeader header, long position, ByteBuffer target) {
    view.putLong(24, position);
    view.putInt(32, header.bodyBytes());
    view.putInt(36, header.bodyCrc());
    view.put(40, (byte) header.type().code());
    view.put(41, (byte) header.codec());
    view.putShort(42, (short) header.flags());
    view.putInt(44, header.groupBack());
    view.putLong(48, header.baseOffset());
    view.putInt(56, header.count());
    view.putInt(60, header.lane());
    view.putLong(64, header.laneSequence());
    view.putLong(72, header.timestampMicros());
    view.putInt(80, header.dictionaryId());
    view.putInt(84, header.rawLength());
    view.putInt(88, header.headerBytes());
    view.putInt(HEADER_CRC_AT, headerCrc());
    target.put(scratch, SALT_BYTES, Layout.FRAME_HEADER_BYTES);
  }

  /// Decodes the header at an index of the source, which stands at a position of the segment.
  ///
  /// @return null when these bytes are no header written for this place
  @Nullable FrameHeader decode(byte[] source, int index, long position) {
    if (FrameType.ofCode(source[index + 8]) == null) {
      return null; // most bytes that are no header end here, zeros first of all
    }
    System.arraycopy(source, index, scratch, SALT_BYTES, Layout.FRAME_HEADER_BYTES);
    @Nullable FrameType type = FrameType.ofCode(view.get(40));
    int bodyBytes = view.getInt(32);
    int headerBytes = view.getInt(88);
    int groupBack = view.getInt(44);
    if (type == null
        || bodyBytes < 0
        || bodyBytes > Layout.LARGEST_BODY_BYTES
        || headerBytes < 0
        || headerBytes > bodyBytes
        || groupBack < 0
        || groupBack > position) {
      return null;
    }
    view.putLong(24, position);
    if (headerCrc() != view.getInt(HEADER_CRC_AT)) {
      return null;
    }
    return new FrameHeader(
        bodyBytes,
        view.getInt(36),
        type,
        Byte.toUnsignedInt(view.get(41)),
        Short.toUnsignedInt(view.getShort(42)),
        groupBack,
        view.getLong(48),
        view.getInt(56),
        view.getInt(60),
        view.getLong(64),
        view.getLong(72),
        view.getInt(80),
        view.getInt(84),
        headerBytes);
  }

  private int headerCrc() {
    crc.reset();
    crc.update(scratch, 0, HEADER_CRC_AT);
    return (int) crc.getValue();
  }
}
