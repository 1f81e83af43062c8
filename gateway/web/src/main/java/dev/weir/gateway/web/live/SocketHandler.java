package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.http.WebLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket connection (RFC 6455): the handshake, control frames, signs of life; texts go to
/// the [SocketSession], one after another.
///
/// Invariant: nothing is read while a text is handled, so that a client which says much is read as
/// fast as it is understood. A peer of which nothing is heard for two heartbeats, while it is read,
/// is taken for gone.
///
/// Thread: the connection's event loop.
public final class SocketHandler extends ChannelInboundHandlerAdapter
    implements LiveConnections.Live {
  private static final Logger LOG = LoggerFactory.getLogger(SocketHandler.class);

  /// The first code for applications (RFC 6455 §7.4.2), with the number of HTTP's time-out.
  private static final int NO_SIGN_OF_LIFE = 4408;

  /// Likewise, with the number of HTTP's 401: the credentials expired or were taken back.
  private static final int CALLER_OVER = 4401;

  /// Try again later, as registered with IANA for RFC 6455 §7.4.
  private static final int NO_ROOM = 1013;

  private static final int MAX_SILENT_BEATS = 2;

  /// Before which the aggregator goes: what is read at a time is then a whole message.
  public static final String FLOW = "weir-web-flow";

  private final WebSocketServerHandshaker handshaker;
  private final FullHttpRequest request;
  private final SocketProtocol protocol;
  private final Caller caller;
  private final WebLimits limits;
  private final WebCounters counters;
  private final LiveConnections live;
  private final Executor handling;
  private final Function<SocketWriter, SocketSession> sessions;
  private final FrameIntake intake;
  private @Nullable SocketWriter writer;
  private @Nullable SocketSession session;
  private @Nullable Future<?> beating;
  private boolean isHandling;
  private boolean isWanted;
  private int silentBeats;

  /// A place for the stream is taken already.
  SocketHandler(
      WebSocketServerHandshaker handshaker,
      FullHttpRequest request,
      SocketProtocol protocol,
      Caller caller,
      WebLimits limits,
      WebCounters counters,
      LiveConnections live,
      Executor handling,
      Function<SocketWriter, SocketSession> sessions) {
    this.handshaker = handshaker;
    this.request = request;
    this.protocol = protocol;
    this.caller = caller;
    this.limits = limits;
    this.counters = counters;
    this.live = live;
    this.handling = handling;
    this.sessions = sessions;
    this.intake = new FrameIntake(counters, this::refuseFrame);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    SocketWriter fresh = new SocketWriter(ctx.channel(), protocol);
    writer = fresh;
    session = sessions.apply(fresh);
    live.add(this);
    ctx.channel().closeFuture().addListener(_ -> closed());
    ctx.pipeline().addBefore(FLOW, null, new WebSocketFrameAggregator(limits.batchBytes()));
    ctx.pipeline().addBefore(ctx.pipeline().context(HttpServerCodec.class).name(), null, intake);
    try {
      handshaker
          .handshake(ctx.channel(), request)
          .addListener(done -> {
            if (done.isSuccess()) {
              begin(ctx, fresh);
            } else {
              ChannelFuture _ = ctx.close();
            }
          });
    } catch (WebSocketHandshakeException _) {
      ChannelFuture _ = ctx.close(); // What was checked before lets nothing through to here.
    }
  }

  /// All sockets and requests together hold as much as they may.
  private void refuseFrame() {
    counters.faultyFrame();
    WeirException cause =
        new WeirException(
            ErrorCode.OVERLOADED, "Messages that are not whole yet hold all the memory they may.");
    writer().close(NO_ROOM, cause.explanation());
  }

  private void begin(ChannelHandlerContext ctx, SocketWriter fresh) {
    counters.answered(101);
    long beat = limits.heartbeat().toNanos();
    fresh.send(fresh.words().welcome(limits.batchBytes(), limits.heartbeat().toMillis()));
    beating = ctx.executor().scheduleAtFixedRate(() -> beat(ctx), beat, beat, TimeUnit.NANOSECONDS);
    caller.onEnd(cause -> {
      fresh.close(CALLER_OVER, cause.explanation());
      LiveConnections.cutSoon(ctx.channel());
    });
    read(ctx);
  }

  /// Asks for the next message.
  private void read(ChannelHandlerContext ctx) {
    isWanted = true;
    ctx.read();
  }

  /// A part of a message came, which satisfies the flow control, but nobody else.
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (isWanted) {
      ctx.read();
    }
    ctx.fireChannelReadComplete();
  }

  private void beat(ChannelHandlerContext ctx) {
    if (isHandling) {
      return; // It is not read: its pong may lie in the kernel.
    }
    if (++silentBeats > MAX_SILENT_BEATS) {
      counters.slow();
      writer().close(NO_SIGN_OF_LIFE, "Nothing was heard for two heartbeats.");
    } else if (!writer().outlet().isBusy()) {
      ChannelFuture _ = ctx.writeAndFlush(new PingWebSocketFrame());
    }
  }

  private SocketWriter writer() {
    SocketWriter known = writer;
    if (known == null) {
      throw new IllegalStateException("the handler has no connection yet");
    }
    return known;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object part) {
    silentBeats = 0;
    isWanted = false;
    try {
      switch (part) {
        case TextWebSocketFrame text -> handle(ctx, SocketProtocol.JSON, text.content());
        case BinaryWebSocketFrame binary -> handle(ctx, SocketProtocol.BINARY, binary.content());
        case PingWebSocketFrame ping -> pong(ctx, ping);
        case PongWebSocketFrame pong -> {
          intake.passed(pong.content().readableBytes());
          read(ctx);
        }
        case CloseWebSocketFrame close -> {
          close.retain();
          writer()
              .inTurn(() -> {
                ChannelFuture _ = handshaker.close(ctx, close);
              });
        }
        case WebSocketFrame _ -> read(ctx);
        default -> {
          ChannelFuture _ = ctx.close(); // HTTP behind the handshake.
        }
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  /// Each ping is answered before the next one is read.
  private void pong(ChannelHandlerContext ctx, PingWebSocketFrame ping) {
    intake.passed(ping.content().readableBytes());
    ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain())).addListener(_ -> read(ctx));
  }

  private void handle(ChannelHandlerContext ctx, SocketProtocol kind, ByteBuf content) {
    if (kind != protocol) {
      counters.faultyFrame();
      writer()
          .close(
              WebSocketCloseStatus.INVALID_MESSAGE_TYPE.code(),
              "The frame is not of " + protocol.label() + ".");
      return;
    }
    Bytes text = Bytes.wrap(ByteBufUtil.getBytes(content));
    isHandling = true;
    try {
      handling.execute(() -> handle(ctx, text));
    } catch (RejectedExecutionException _) {
      ChannelFuture _ = ctx.close(); // The door is closing.
    }
  }

  /// On a virtual thread.
  private void handle(ChannelHandlerContext ctx, Bytes text) {
    SocketSession known = session;
    if (known == null) {
      return;
    }
    try {
      known.handle(text);
      ctx.executor().execute(() -> handled(ctx));
    } catch (WeirException e) {
      counters.faultyFrame();
      writer().close(WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code(), e.explanation());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("a socket's frame failed", e);
      writer().close(WebSocketCloseStatus.INTERNAL_SERVER_ERROR.code(), "WEIR-9001: a bug.");
    }
  }

  private void handled(ChannelHandlerContext ctx) {
    isHandling = false;
    intake.dealtWith();
    read(ctx);
  }

  /// Ends it with a word: the core goes away.
  @Override
  public void shutDown() {
    writer().close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "The core is closing.");
  }

  private void closed() {
    live.remove(this);
    Future<?> beats = beating;
    if (beats != null) {
      beats.cancel(false);
    }
    SocketSession open = session;
    if (open != null) {
      open.close();
    }
    caller.close();
    intake.dealtWith();
    counters.closeStream(true);
  }

  /// What breaks the protocol is told by Netty's decoder, what is too long here.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    switch (cause) {
      case CorruptedWebSocketFrameException _ -> counters.faultyFrame();
      case TooLongFrameException _ -> {
        counters.faultyFrame();
        writer()
            .close(
                WebSocketCloseStatus.MESSAGE_TOO_BIG.code(),
                "A message has at most " + limits.batchBytes() + " bytes.");
      }
      default -> {
        ChannelFuture _ = ctx.close();
      }
    }
  }
}
