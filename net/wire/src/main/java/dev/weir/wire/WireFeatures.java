package dev.weir.wire;

/// What both ends must have for it to be in force: bits of [Hello#features], numbered like the
/// flags of a frame. None is offered by default.
public final class WireFeatures {
  /// Bodies of messages may come compressed, see [WireCompression].
  public static final long ZSTD = FrameHeader.ZSTD;

  /// Messages carry a CRC32C, which everyone that they pass checks.
  public static final long CRC = FrameHeader.CRC;

  private WireFeatures() {}
}
