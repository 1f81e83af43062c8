package dev.weir.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The first page of a segment.
///
/// ```
///  0          8         12        16                       32        40           48
///  ├ WEIRLOG1 ┼ version ┼ feature ┼──────── log id ────────┼ number ─┼ baseOffset ┤
/// 48                  56             64            72                 76
///  ├ previousNumber ──┼ previousEnd ─┼ createdUs ──┼ previousSealCrc ─┤ zeros … 4092 ├ crc ┤
/// ```
///
/// `previousEnd` is the position in segment `previousNumber` where the log left it. It is the only
/// record needed when that segment could not be sealed because its disk failed: what lies behind it
/// there is not part of the log.
///
/// @param previousNumber the segment before this one, 0 for none
/// @param previousSealCrc the chain value of that segment's footer, 0 when it has none
record SegmentHeader(
    UUID log,
    long number,
    long baseOffset,
    long previousNumber,
    long previousEnd,
    long createdMicros,
    int previousSealCrc) {
  private static final long MAGIC = 0x31474F4C52494557L; // "WEIRLOG1", little-endian
  private static final int VERSION = 1;
  private static final int CRC_AT = Layout.SEGMENT_HEADER_BYTES - 4;

  /// Puts the whole page at the target's position.
  void encode(ByteBuffer target) {
    byte[] page = new byte[Layout.SEGMENT_HEADER_BYTES];
    ByteBuffer view = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    view.putLong(0, MAGIC);
    view.putInt(8, VERSION);
    view.putLong(16, log.getMostSignificantBits());
    view.putLong(24, log.getLeastSignificantBits());
    view.putLong(32, number);
    view.putLong(40, baseOffset);
    view.putLong(48, previousNumber);
    view.putLong(56, previousEnd);
    view.putLong(64, createdMicros);
    view.putInt(72, previousSealCrc);
    view.putInt(CRC_AT, crc(page));
    target.put(page);
  }

  /// @return null when the page is damaged, of another version, or never was a header
  static @Nullable SegmentHeader decode(byte[] page) {
    if (page.length < Layout.SEGMENT_HEADER_BYTES) {
      return null;
    }
    ByteBuffer view = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    if (view.getLong(0) != MAGIC || view.getInt(8) != VERSION || view.getInt(CRC_AT) != crc(page)) {
      return null;
    }
    return new SegmentHeader(
        new UUID(view.getLong(16), view.getLong(24)),
        view.getLong(32),
        view.getLong(40),
        view.getLong(48),
        view.getLong(56),
        view.getLong(64),
        view.getInt(72));
  }

  private static int crc(byte[] page) {
    CRC32C crc = new CRC32C();
    crc.update(page, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
