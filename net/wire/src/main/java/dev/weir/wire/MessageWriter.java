package dev.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Writes MSG and RESP frames with what was agreed: compressed, with a checksum, or as they are,
/// which costs a branch and nothing else.
///
/// Owned by the connection's event loop.
final class MessageWriter {
  private final FrameWriter writer;
  private final ByteBufAllocator allocator;
  private @Nullable FrameCrc crc;
  private @Nullable WireCompression compression;
  private @Nullable WireCompression known;
  private int trailerBytes;
  private int agreedFlags;

  MessageWriter(FrameWriter writer, ByteBufAllocator allocator) {
    this.writer = writer;
    this.allocator = allocator;
  }

  /// From now on what both ends have is in force.
  void agreed(long features, WireCompression own) {
    known = own;
    agreedFlags = (int) features & FrameHeader.AGREED;
    if ((features & WireFeatures.ZSTD) != 0) {
      compression = own;
    }
    if ((features & WireFeatures.CRC) != 0) {
      crc = new FrameCrc();
      trailerBytes = FrameCrc.BYTES;
    }
  }

  /// What each frame has behind its body.
  int trailerBytes() {
    return trailerBytes;
  }

  /// Writes a frame; the body stays the caller's. It costs credit for its plain bytes and
  /// [#trailerBytes].
  void write(
      FrameType type,
      int flags,
      int sid,
      int mid,
      ExtFields ext,
      ByteBuf body,
      int index,
      int length) {
    if (agreedFlags == 0) {
      writer.extended(type, flags, sid, mid, ext, body, index, length);
      return;
    }
    WireCompression codec = compression;
    ByteBuf packed = codec == null ? null : codec.pack(body, index, length, allocator);
    if (packed == null) {
      sealed(type, flags, sid, mid, ext, body, index, length);
      return;
    }
    try {
      int bytes = packed.readableBytes();
      sealed(type, flags | FrameHeader.ZSTD, sid, mid, ext, packed, 0, bytes);
    } finally {
      packed.release();
    }
  }

  private void sealed(
      FrameType type,
      int flags,
      int sid,
      int mid,
      ExtFields ext,
      ByteBuf body,
      int index,
      int length) {
    FrameCrc sealing = crc;
    if (sealing == null) {
      writer.extended(type, flags, sid, mid, ext, body, index, length);
    } else {
      writer.sealed(sealing, type, flags, sid, mid, ext, body, index, length);
    }
  }

  /// What of another connection's frame goes on here: its checksum and compression if the peer
  /// takes both or what there is of them. A body that has to be decompressed loses its checksum,
  /// too, and none is added to a frame that came without: it might not fit any more.
  ///
  /// @param flags of the frame
  /// @return those of [FrameHeader#AGREED] that stay, or [Outgoing#IS_PACKED]
  int passedOn(int flags) {
    int shape = flags & FrameHeader.AGREED;
    return (shape & ~agreedFlags & FrameHeader.ZSTD) != 0
        ? Outgoing.IS_PACKED
        : shape & agreedFlags;
  }

  /// Writes a raw frame whose body is to be decompressed first.
  ///
  /// @return false when it is damaged
  boolean unpacked(Outgoing node, int flags, int sid) {
    ByteBuf payload = java.util.Objects.requireNonNull(node.body);
    WireCompression codec = java.util.Objects.requireNonNull(known);
    int at = payload.readerIndex();
    int extBytes = (flags & FrameHeader.EXT) == 0 ? 0 : 2 + payload.getUnsignedShort(at);
    int packedBytes = payload.readableBytes() - extBytes;
    ByteBuf plain = codec.unpack(payload, at + extBytes, packedBytes, allocator);
    if (plain == null) {
      return false;
    }
    ByteBuf whole = allocator.directBuffer(extBytes + plain.readableBytes());
    whole.writeBytes(payload, at, extBytes).writeBytes(plain);
    plain.release();
    writer.frame(node.type, flags, sid, node.mid, whole, 0, whole.readableBytes());
    whole.release();
    return true;
  }
}
