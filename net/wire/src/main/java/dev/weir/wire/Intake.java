package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// What comes from the socket on its way to the frames. While a connection does not read, the
/// socket is stopped, and only what was under way from the kernel is kept.
///
/// Owned by the connection's event loop.
final class Intake {
  /// What a client may send before its server has answered, with its control frames, twice.
  private static final int MAX_UNREAD_BYTES = 256 << 10;

  private final WireConnection connection;
  private final Channel channel;
  private final Handshake handshake;
  private final FrameReader reader;
  private @Nullable ByteBuf unread;
  private boolean isPaused;
  private long receivedBytes;

  Intake(WireConnection connection, Channel channel, Handshake handshake, FrameReader reader) {
    this.connection = connection;
    this.channel = channel;
    this.handshake = handshake;
    this.reader = reader;
  }

  /// Everything that came.
  long receivedBytes() {
    return receivedBytes;
  }

  /// Takes what came; the buffer stays the caller's.
  ///
  /// @throws WeirException for a fault of the peer's
  void take(ByteBuf in) {
    receivedBytes += in.readableBytes();
    read(in);
  }

  private void read(ByteBuf in) {
    if (connection.isOpen() && !isPaused && handshake.readPreface(in)) {
      reader.read(in);
    }
    if (connection.isOpen() && isPaused && in.isReadable()) {
      keep(in);
    }
  }

  private void keep(ByteBuf in) {
    ByteBuf all = unread == null ? channel.alloc().directBuffer(in.readableBytes()) : unread;
    unread = all;
    if (all.readableBytes() + in.readableBytes() > MAX_UNREAD_BYTES) {
      throw new WeirException(
          ErrorCode.FLOODED,
          "The client sent more than " + MAX_UNREAD_BYTES + " bytes before it was authenticated.");
    }
    all.writeBytes(in);
  }

  /// Reads no further than the frame that is being delivered.
  void pause() {
    isPaused = true;
    reader.pause(true);
    channel.config().setAutoRead(false);
  }

  void resume() {
    isPaused = false;
    reader.pause(false);
    channel.config().setAutoRead(true);
    ByteBuf all = unread;
    unread = null;
    if (all == null) {
      return;
    }
    try {
      read(all);
    } catch (WeirException e) {
      connection.life().fail(e);
    } finally {
      all.release();
    }
    connection.turn().flushSoon();
  }

  /// The connection is over; the socket is read on, to its end.
  void stop() {
    reader.stop();
    if (unread != null) {
      unread.release();
      unread = null;
    }
    if (isPaused) {
      isPaused = false;
      channel.config().setAutoRead(true);
    }
  }
}
