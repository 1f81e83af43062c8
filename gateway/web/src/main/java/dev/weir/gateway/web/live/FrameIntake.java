package dev.weir.gateway.web.live;

import dev.weir.gateway.web.http.WebCounters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Bounds what sockets together make the core hold of messages that are not whole yet, or are being
/// handled: with the bodies of requests ([WebCounters#tryHold]). A socket alone may have the
/// largest message under way; thousands that each send half of one must not fill the memory.
///
/// Stands in front of the decoder. Thread: the connection's event loop.
final class FrameIntake extends ChannelInboundHandlerAdapter {
  /// What a socket may have without asking: some messages of common size, and what one read brings.
  private static final int FREE_BYTES = 64 << 10;

  /// RFC 6455 §5.2 and §5.5: two bytes and the mask.
  private static final int CONTROL_HEAD_BYTES = 6;

  private final WebCounters counters;
  private final Runnable onFull;
  private long cameBytes;
  private long heldBytes;
  private boolean isRefused;

  /// @param onFull told once, when there is no memory left for it; nothing is passed on any more
  FrameIntake(WebCounters counters, Runnable onFull) {
    this.counters = counters;
    this.onFull = onFull;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (isRefused) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes && !hasRoom(bytes.readableBytes())) {
      isRefused = true;
      ReferenceCountUtil.release(message);
      onFull.run();
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private boolean hasRoom(int bytes) {
    cameBytes += bytes;
    long more = cameBytes - FREE_BYTES - heldBytes;
    if (more <= 0) {
      return true;
    }
    if (!counters.tryHold(more)) {
      return false;
    }
    heldBytes += more;
    return true;
  }

  /// A control frame came, perhaps between the parts of a message.
  void passed(int payloadBytes) {
    cameBytes = Math.max(0, cameBytes - payloadBytes - CONTROL_HEAD_BYTES);
  }

  /// A whole message was dealt with.
  void dealtWith() {
    counters.release(heldBytes);
    heldBytes = 0;
    cameBytes = 0;
  }
}
