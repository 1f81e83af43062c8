package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A damaged range of one segment. As the payload of a HOLE frame, little-endian:
///
/// ```
///  0         8              16           24           32         40
///  ├ segment ┼ fromPosition ┼ toPosition ┼ fromOffset ┼ toOffset ┤
/// ```
///
/// @param segment the segment's number
/// @param fromPosition first damaged byte
/// @param toPosition one after the last
/// @param fromOffset first message lost
/// @param toOffset one after the last message lost; equal to `fromOffset` when only frames without
///   messages were lost
public record Hole(
    long segment, long fromPosition, long toPosition, long fromOffset, long toOffset) {
  private static final int BYTES = 40;

  /// Reads the hole that a HOLE frame records.
  public static Hole decode(Bytes payload) {
    Checks.argument(
        payload.length() >= BYTES,
        "a hole record has " + payload.length() + " bytes, expected " + BYTES);
    ByteBuffer in = payload.buffer().order(ByteOrder.LITTLE_ENDIAN);
    return new Hole(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(segment).putLong(fromPosition).putLong(toPosition);
    out.putLong(fromOffset).putLong(toOffset);
    return Bytes.wrap(out.array());
  }
}
