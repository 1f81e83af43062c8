package dev.weir.gateway.port;

import dev.weir.base.Bytes;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Waits for a connection's first bytes and hands it to the protocol that they belong to.
///
/// The problem: gRPC owns its listener and takes every connection for HTTP/2. The idea: it lets a
/// negotiator put handlers in front, which is how it does TLS. This one looks at up to 24 bytes,
/// and what is [Onward] of it gives the connection to its protocol.
///
/// A PROXY header and TLS are stages on the way: for each, the handler that reads it is put behind
/// this one, a sniffer of the next stage behind that, and this one leaves, which passes on what it
/// has read:
///
/// ```
///  ARRIVED ─┬─ PROXY header ─▶ ANNOUNCED ─┬─ TLS ─▶ SECURED ─┬─▶ gRPC, HTTP/1, wire
///           └─────────────────────────────┴──────────────────┘
/// ```
///
/// Within TLS the first bytes decide, too, since the clients of each protocol speak first: a name
/// in ALPN must agree with them, and a client without ALPN needs none.
///
/// Invariants: nothing but TLS's own is written before the protocol is known; at most one read's
/// worth of bytes is held; the rest is the [Arrival]'s.
///
/// Thread: the connection's event loop.
final class Sniffer extends ByteToMessageDecoder {
  /// What has been dealt with.
  private enum Stage {
    ARRIVED,
    ANNOUNCED,
    SECURED
  }

  /// What a proxy may add about its client; none of it is used.
  private static final int MAX_PROXY_EXTRA_BYTES = 2 << 10;

  /// What a person sees who has written `http://`.
  private static final Bytes PLAIN_REFUSED =
      Bytes.utf8(
          """
          HTTP/1.1 400 Bad Request\r
          Content-Type: text/plain; charset=utf-8\r
          Connection: close\r
          \r
          This port takes TLS only: use https://.
          """);

  private final Stage stage;
  private final Onward onward;
  private final Terms terms;
  private final Arrival arrival;
  private final boolean isProxy;

  /// What the client named in ALPN.
  private @Nullable Protocol named;

  private Sniffer(Stage stage, Onward onward, Terms terms, Arrival arrival, boolean isProxy) {
    this.stage = stage;
    this.onward = onward;
    this.terms = terms;
    this.arrival = arrival;
    this.isProxy = isProxy;
  }

  /// For a connection that has just come.
  static Sniffer arrived(Onward onward, Terms terms, Arrival arrival) {
    boolean isProxy = terms.proxies().isTrusted(arrival.peer().address());
    return new Sniffer(Stage.ARRIVED, onward, terms, arrival, isProxy);
  }

  private Sniffer next(Stage following) {
    return new Sniffer(following, onward, terms, arrival, isProxy);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (stage == Stage.ARRIVED) {
      arrival.begin(terms.limits().handshake(), isProxy);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    switch (event) {
      case ProtocolNegotiationEvent _ -> {} // gRPC's call to begin: begun once it is gRPC.
      case SslHandshakeCompletionEvent done -> onHandshake(ctx, done);
      default -> super.userEventTriggered(ctx, event);
    }
  }

  private void onHandshake(ChannelHandlerContext ctx, SslHandshakeCompletionEvent done) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (done.isSuccess() && tls != null) {
      named = TlsDoor.named(tls);
      arrival.secured(TlsDoor.certificates(tls));
    } else {
      // TLS tells the client why and closes.
      arrival.count(
          done.cause() instanceof ClosedChannelException
              ? Refusal.LEFT_EARLY
              : TlsDoor.refusal(done.cause()));
    }
  }

  /// What the handler of a PROXY header made of it comes by here.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof HAProxyMessage header) {
      String address = header.sourceAddress();
      if (address != null) { // Else the proxy speaks for itself, to see whether we are there.
        arrival.announce(new InetSocketAddress(address, header.sourcePort()));
      }
      header.release();
    } else {
      super.channelRead(ctx, message);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (arrival.isDecided()) {
      in.skipBytes(in.readableBytes());
      return;
    }
    FirstBytes.Guess guess = FirstBytes.guess(in);
    boolean mustAnnounce = stage == Stage.ARRIVED && isProxy;
    switch (guess) {
      case UNDECIDED -> {}
      case PROXY -> readHeader(ctx);
      case GRPC, HTTP1, WIRE, TLS, UNKNOWN -> {
        if (mustAnnounce) {
          arrival.refuse(Refusal.PROXY_MISSING);
        } else {
          enter(ctx, guess);
        }
      }
    }
  }

  private void readHeader(ChannelHandlerContext ctx) {
    if (stage != Stage.ARRIVED) {
      arrival.refuse(Refusal.UNKNOWN_PROTOCOL);
    } else if (!isProxy) {
      arrival.refuse(Refusal.PROXY_UNTRUSTED);
    } else {
      pass(ctx, new HAProxyMessageDecoder(MAX_PROXY_EXTRA_BYTES), next(Stage.ANNOUNCED));
    }
  }

  private void enter(ChannelHandlerContext ctx, FirstBytes.Guess guess) {
    switch (guess) {
      case GRPC -> speak(ctx, Protocol.GRPC);
      case HTTP1 -> speak(ctx, Protocol.HTTP1);
      case WIRE -> speak(ctx, Protocol.WIRE);
      case TLS -> secure(ctx);
      case PROXY, UNKNOWN, UNDECIDED -> arrival.refuse(Refusal.UNKNOWN_PROTOCOL);
    }
  }

  private void secure(ChannelHandlerContext ctx) {
    TlsDoor tls = terms.tls();
    if (stage == Stage.SECURED) {
      arrival.refuse(Refusal.UNKNOWN_PROTOCOL);
    } else if (tls == null) {
      arrival.refuse(Refusal.TLS);
    } else {
      pass(ctx, tls.open(), next(Stage.SECURED));
    }
  }

  private static void pass(
      ChannelHandlerContext ctx, ByteToMessageDecoder reader, Sniffer following) {
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.addAfter(ctx.name(), null, following);
    pipeline.addAfter(ctx.name(), null, reader);
    pipeline.remove(ctx.name()); // Which passes the bytes on.
  }

  private void speak(ChannelHandlerContext ctx, Protocol protocol) {
    if (!onward.takes(protocol)) {
      arrival.refuse(Refusal.UNKNOWN_PROTOCOL);
    } else if (stage != Stage.SECURED && !terms.takesPlain(arrival.peer())) {
      refusePlain(ctx, protocol);
    } else if (named != null && named != protocol) {
      arrival.refuse(Refusal.OTHER_PROTOCOL);
    } else {
      arrival.accept(protocol);
      onward.go(protocol, ctx, arrival.peer());
      ctx.pipeline().remove(ctx.name()); // Which passes on what was read.
    }
  }

  /// HTTP can say why in a form that its clients show.
  private void refusePlain(ChannelHandlerContext ctx, Protocol protocol) {
    if (protocol == Protocol.HTTP1 && arrival.count(Refusal.PLAIN)) {
      ChannelFuture _ =
          ctx.writeAndFlush(Unpooled.wrappedBuffer(PLAIN_REFUSED.buffer()))
              .addListener(ChannelFutureListener.CLOSE);
    } else {
      arrival.refuse(Refusal.PLAIN);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    arrival.refuse(Refusal.LEFT_EARLY);
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    arrival.refuse(
        cause.getCause() instanceof HAProxyProtocolException
                || cause instanceof HAProxyProtocolException
            ? Refusal.PROXY_BROKEN
            : Refusal.LEFT_EARLY);
  }
}
