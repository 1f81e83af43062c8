package dev.weir.wire;

/// What both ends must have for it to be in force: bits of [Hello#features]; those of the lowest
/// byte are numbered like the flags of a frame. Unless said otherwise none is offered by default.
public final class WireFeatures {
  /// Bodies of messages may come compressed, see [WireCompression].
  public static final long ZSTD = FrameHeader.ZSTD;

  /// Messages carry a CRC32C, which everyone that they pass checks.
  public static final long CRC = FrameHeader.CRC;

  /// The server's leases are waited for, see [WireLease]. A client always has it; a server, where
  /// its limits say so.
  public static final long LEASE = 1 << 8;

  private WireFeatures() {}
}
