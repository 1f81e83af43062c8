package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// Keeps what arrives while a connection does not read, and stops the socket meanwhile: only what
/// was under way from the kernel still comes.
///
/// Owned by the connection's event loop.
final class UnreadBytes {
  /// What a client may send before its server has answered, with its control frames, twice.
  private static final int MAX_BYTES = 256 << 10;

  private final Channel channel;
  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf kept;
  private boolean isPaused;

  UnreadBytes(Channel channel, ByteBufAllocator allocator) {
    this.channel = channel;
    this.allocator = allocator;
  }

  boolean isPaused() {
    return isPaused;
  }

  void pause() {
    isPaused = true;
    channel.config().setAutoRead(false);
  }

  /// Keeps a copy of what is left of a buffer.
  ///
  /// @throws WeirException FLOODED when it is too much
  void keep(ByteBuf in) {
    ByteBuf all = kept == null ? allocator.directBuffer(in.readableBytes()) : kept;
    kept = all;
    if (all.readableBytes() + in.readableBytes() > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.FLOODED,
          "The client sent more than " + MAX_BYTES + " bytes before it was authenticated.");
    }
    all.writeBytes(in);
  }

  /// Reading goes on.
  ///
  /// @return what was kept, the caller's to release; null when there is nothing
  @Nullable ByteBuf resume() {
    isPaused = false;
    channel.config().setAutoRead(true);
    ByteBuf all = kept;
    kept = null;
    return all;
  }

  void release() {
    if (isPaused) {
      ByteBuf all = resume();
      if (all != null) {
        all.release();
      }
    }
  }
}
