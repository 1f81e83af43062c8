package dev.weir.gateway.web.http;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.port.Peer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/1.x connection: reads a request, has its route answer on a virtual thread while reading
/// stands still, writes the answer, reads on; or hands the connection to what it becomes.
///
/// Invariants: one request at a time, what is pipelined waits undecoded; what a request holds is
/// counted from its first byte and given back with the answer; whoever takes too long for a head, a
/// body or the taking of an answer is closed.
///
/// Thread: the connection's event loop; routes run elsewhere and come back to it.
public final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /// What a body must bring within [#GRACE] beyond the first time that it has.
  private static final int PROGRESS_BYTES = 128 << 10;

  private static final Duration GRACE = Duration.ofSeconds(10);

  /// Long enough for what was under way when the answer was written.
  private static final Duration LINGER = Duration.ofSeconds(2);

  private enum Phase {
    /// Waits for a request's head; nothing is held.
    HEAD,
    BODY,
    /// A route is at work; nothing is read.
    ANSWERING,
    /// The answer is on its way.
    WRITING,
    /// What still comes is ignored.
    CLOSING
  }

  private final HttpContext context;
  private Phase phase = Phase.HEAD;
  private @Nullable Future<?> deadline;

  // Of the request at hand.
  private @Nullable HttpRequest head;
  private RouteTable.@Nullable Match match;
  private @Nullable RequestBody body;
  private @Nullable Runnable onLost;

  /// Of the next request, come while this one was watched.
  private @Nullable HttpObject early;

  public HttpConnection(HttpContext context) {
    this.context = context;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    limit(ctx, context.limits().idle());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    cancelDeadline();
    release();
    ReferenceCountUtil.release(early);
    early = null;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    if (phase == Phase.CLOSING) {
      return;
    }
    if (phase == Phase.ANSWERING || phase == Phase.WRITING) {
      early = ReferenceCountUtil.retain(part);
      return;
    }
    if (part.decoderResult().isFailure()) {
      refuse(ctx, RequestHeads.undecodable(part.decoderResult().cause()));
      return;
    }
    try {
      if (part instanceof HttpRequest next) {
        begin(ctx, next);
      }
      if (part instanceof HttpContent content && phase == Phase.BODY) {
        read(ctx, content);
      }
    } catch (WeirException e) {
      refuse(ctx, Problems.of(e));
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest next) {
    head = next;
    Optional<WeirException> foreign =
        context
            .origins()
            .judge(
                next.headers().get(HttpHeaderNames.ORIGIN),
                next.headers().get(HttpHeaderNames.HOST));
    if (foreign.isPresent()) {
      context.counters().refusedOrigin();
      refuse(ctx, Problems.of(foreign.get()));
      return;
    }
    String path = RequestHeads.rawPath(next.uri());
    RouteTable.Match found = context.routes().find(next.method().name(), path);
    if (found.entry().isEmpty()) {
      refuse(
          ctx,
          found.allowed().isEmpty()
              ? RequestHeads.notFound(next)
              : RequestHeads.notAllowed(next, found.allowed()));
      return;
    }
    RouteTable.Entry entry = found.entry().get();
    Shown shown = RequestHeads.shown(next, entry.access(), Peer.of(ctx.channel()));
    if (entry.access() != RouteTable.Access.OPEN && shown.isNothing()) {
      context.entrance().enter(shown).close(); // Before its body takes room.
    }
    RequestBody fresh = new RequestBody(context.counters(), entry.bodyBytes());
    fresh.announce(HttpUtil.getContentLength(next, 0L));
    match = found;
    body = fresh;
    phase = Phase.BODY;
    limit(ctx, context.limits().bodyTime());
    if (HttpUtil.is100ContinueExpected(next)) {
      ChannelFuture _ =
          ctx.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void read(ChannelHandlerContext ctx, HttpContent content) {
    RequestBody coming = body;
    HttpRequest asked = head;
    RouteTable.Match found = match;
    if (coming == null || asked == null || found == null || found.entry().isEmpty()) {
      return;
    }
    int before = coming.length() / PROGRESS_BYTES;
    coming.add(content.content());
    if (coming.length() / PROGRESS_BYTES > before) {
      limit(ctx, GRACE);
    }
    if (content instanceof LastHttpContent) {
      RouteTable.Entry entry = found.entry().get();
      Shown shown = RequestHeads.shown(asked, entry.access(), Peer.of(ctx.channel()));
      WebRequest request =
          new WebRequest(
              asked.method().name(),
              PercentText.decode(RequestHeads.rawPath(asked.uri())),
              found.captured(),
              RequestHeads.parameters(asked, entry.access()),
              RequestHeads.headers(asked.headers()),
              coming.bytes(),
              task -> ctx.executor().execute(() -> watch(ctx, task)),
              shown.peer(),
              Caller.NOBODY);
      route(
          ctx,
          entry.access() == RouteTable.Access.OPEN ? entry.route() : entered(entry.route(), shown),
          request);
    }
  }

  /// A route that its caller must be let in to. What a connection becomes goes on with the caller.
  private WebRoute entered(WebRoute route, Shown shown) {
    return request -> {
      Caller caller = context.entrance().enter(shown);
      Reply reply = null;
      try {
        reply = route.answer(request.by(caller));
        return reply;
      } finally {
        if (!(reply instanceof Takeover)) {
          caller.close();
        }
      }
    };
  }

  private void route(ChannelHandlerContext ctx, WebRoute route, WebRequest request) {
    phase = Phase.ANSWERING;
    cancelDeadline();
    ctx.channel().config().setAutoRead(false);
    try {
      context.answering().execute(() -> answer(ctx, route, request));
    } catch (RejectedExecutionException _) {
      refuse(ctx, Problems.of(closing()));
    }
  }

  private static WeirException closing() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
  }

  /// Reads once while a route waits, to notice that the connection is lost. What comes instead, a
  /// pipelined request, waits for its turn.
  private void watch(ChannelHandlerContext ctx, Runnable task) {
    if (!ctx.channel().isActive()) {
      task.run();
    } else if (phase == Phase.ANSWERING) {
      onLost = task;
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Runnable task = onLost;
    onLost = null;
    if (task != null) {
      task.run();
    }
    ctx.fireChannelInactive();
  }

  /// On a virtual thread.
  private void answer(ChannelHandlerContext ctx, WebRoute route, WebRequest request) {
    Reply reply;
    try {
      reply = route.answer(request);
    } catch (WeirException e) {
      reply = Problems.of(e);
    } catch (IllegalArgumentException e) {
      reply = Problems.of(new WeirException(ErrorCode.MALFORMED, e.getMessage() + ".", e));
    } catch (InterruptedException _) {
      reply = Problems.of(closing());
    } catch (RuntimeException e) {
      LOG.warn("{} {} failed", request.method(), request.path(), e);
      reply = Problems.of(new WeirException(ErrorCode.BUG, request.path() + " failed."));
    }
    Reply ready = reply;
    try {
      ctx.executor().execute(() -> reply(ctx, ready));
    } catch (RejectedExecutionException _) {
      if (ready instanceof Takeover takeover) {
        takeover.abandon(); // The port is closed.
      }
    }
  }

  private void reply(ChannelHandlerContext ctx, Reply reply) {
    if (!ctx.channel().isActive() || phase != Phase.ANSWERING) {
      if (reply instanceof Takeover takeover) {
        takeover.abandon();
      }
      return;
    }
    switch (reply) {
      case WebAnswer answer -> write(ctx, answer, isKeptAlive());
      case Takeover takeover -> handOver(ctx, takeover);
    }
  }

  private boolean isKeptAlive() {
    return head != null && HttpUtil.isKeepAlive(head);
  }

  private void handOver(ChannelHandlerContext ctx, Takeover takeover) {
    HttpRequest asked = head;
    if (asked == null) {
      return;
    }
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            asked.protocolVersion(), asked.method(), asked.uri(), Unpooled.EMPTY_BUFFER);
    request.headers().set(asked.headers());
    release();
    ctx.pipeline().replace(this, null, takeover.handler(request));
  }

  /// Answers and closes: what follows on the connection cannot be trusted or is not wanted.
  private void refuse(ChannelHandlerContext ctx, WebAnswer answer) {
    send(ctx, answer, false).addListener(_ -> linger(ctx));
    phase = Phase.CLOSING;
  }

  /// Reads on for a moment: closing with unread bytes resets the connection, and the client would
  /// not see the answer (RFC 9112 §9.6).
  private void linger(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof DuplexChannel plain
        && ctx.pipeline().get(SslHandler.class) == null) {
      ChannelFuture _ = plain.shutdownOutput();
      limit(ctx, LINGER);
    } else {
      ChannelFuture _ = ctx.close();
    }
  }

  private void write(ChannelHandlerContext ctx, WebAnswer answer, boolean isKeptAlive) {
    ChannelFuture written = send(ctx, answer, isKeptAlive);
    if (isKeptAlive) {
      written.addListener(_ -> next(ctx));
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private ChannelFuture send(ChannelHandlerContext ctx, WebAnswer answer, boolean isKeptAlive) {
    boolean isHead = head != null && head.method().equals(HttpMethod.HEAD);
    release();
    phase = Phase.WRITING;
    limit(ctx, context.limits().idle());
    context.counters().answered(answer.status());
    return ctx.writeAndFlush(Responses.of(answer, isHead, isKeptAlive));
  }

  private void next(ChannelHandlerContext ctx) {
    if (phase == Phase.WRITING) {
      phase = Phase.HEAD;
      limit(ctx, context.limits().idle());
      HttpObject waiting = early;
      early = null;
      if (waiting != null) {
        try {
          channelRead0(ctx, waiting);
        } finally {
          ReferenceCountUtil.release(waiting);
        }
      }
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void release() {
    if (body != null) {
      body.release();
      body = null;
    }
    match = null;
    onLost = null;
  }

  private void limit(ChannelHandlerContext ctx, Duration time) {
    cancelDeadline();
    deadline = ctx.executor().schedule(() -> late(ctx), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  /// An idle connection is closed without a word, as HTTP has it; a half body is told.
  private void late(ChannelHandlerContext ctx) {
    if (phase == Phase.BODY) {
      context.counters().slow();
      WeirException cause =
          new WeirException(ErrorCode.TIMED_OUT, "The request's body did not come in time.");
      refuse(ctx, Problems.of(HttpResponseStatus.REQUEST_TIMEOUT.code(), cause));
      return;
    }
    if (phase == Phase.WRITING) {
      context.counters().slow();
    }
    ChannelFuture _ = ctx.close();
  }

  /// A reset: nothing to tell anyone.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ChannelFuture _ = ctx.close();
  }
}
