package dev.weir.log;

/// The 64 bytes before each frame's body, decoded.
///
/// ```
///  0            4             8          12          16
///  ├ bodyBytes ─┼─ bodyCrc ───┼ty·co·flag┼ groupBack ┤   ty type u8, co codec u8, flag u16
/// 16                         24          28          32
///  ├────── baseOffset ────────┼─ count ──┼── lane ───┤
/// 32                         40                      48
///  ├────── laneSequence ──────┼──── timestampMicros ─┤
/// 48            52            56         60          64
///  ├ dictionary ┼─ rawLength ─┼ hdrBytes ┼ headerCrc ┤   then hdrBytes of header, payload, padding
/// ```
///
/// All little-endian. `bodyCrc` is the CRC-32C of header and payload as the appender computed it.
/// `headerCrc` is the CRC-32C of a salt (log id, segment number, position) and of bytes 0 to 59, so
/// bytes that were written for another log, segment or place never pass for a frame here, and a
/// frame with a damaged body still tells its offsets and where the next one begins. `groupBack` is
/// the distance to the start of the group that one fsync made durable: recovery needs it.
record FrameHeader(
    int bodyBytes,
    int bodyCrc,
    FrameType type,
    int codec,
    int flags,
    int groupBack,
    long baseOffset,
    int count,
    int lane,
    long laneSequence,
    long timestampMicros,
    int dictionaryId,
    int rawLength,
    int headerBytes) {

  /// What the frame takes in the segment.
  int frameBytes() {
    return Layout.align(Layout.FRAME_HEADER_BYTES + bodyBytes);
  }

  /// The same frame at another distance from its group's start.
  FrameHeader inGroup(int newGroupBack) {
    return new FrameHeader(
        bodyBytes,
        bodyCrc,
        type,
        codec,
        flags,
        newGroupBack,
        baseOffset,
        count,
        lane,
        laneSequence,
        timestampMicros,
        dictionaryId,
        rawLength,
        headerBytes);
  }

  /// Whether the frame holds a dictionary.
  boolean isDictionary() {
    return isDictionary(type, dictionaryId);
  }

  static boolean isDictionary(FrameType type, int dictionaryId) {
    return type == FrameType.CONTROL && dictionaryId != 0;
  }

  long endOffset() {
    return baseOffset + count;
  }
}
