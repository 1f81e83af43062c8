package dev.weir.gateway.port;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP/1.x connection: reads a request, has its route answer on a virtual thread while reading
/// stands still, writes the answer, reads on.
///
/// Thread: the connection's event loop; routes run elsewhere and come back to it.
final class OpsHandler extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(OpsHandler.class);

  /// A GET has no use for a body; a client that sends a small one all the same is let through.
  private static final int MAX_BODY_BYTES = 8 << 10;

  private final Map<String, OpsRoute> routes;
  private final Executor answering;
  private @Nullable HttpRequest request;
  private long bodyBytes;
  private boolean isClosing;

  OpsHandler(Map<String, OpsRoute> routes, Executor answering) {
    this.routes = routes;
    this.answering = answering;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    if (isClosing) {
      return;
    }
    if (part.decoderResult().isFailure()) {
      refuseUndecodable(ctx, part.decoderResult().cause());
      return;
    }
    if (part instanceof HttpRequest head) {
      request = head;
      bodyBytes = 0;
      if (!refuseByHead(ctx, head) && HttpUtil.is100ContinueExpected(head)) {
        ChannelFuture _ =
            ctx.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
      }
    }
    if (part instanceof HttpContent content && !isClosing) {
      readBody(ctx, content);
    }
  }

  private void refuseUndecodable(ChannelHandlerContext ctx, Throwable cause) {
    OpsAnswer answer =
        switch (cause) {
          case TooLongHttpLineException _ ->
              OpsAnswer.problem(414, "URI Too Long", "The request line has more than 4096 bytes.");
          case TooLongHttpHeaderException _ ->
              OpsAnswer.problem(
                  431,
                  "Request Header Fields Too Large",
                  "The headers have more than " + Port.MAX_HEADER_BYTES + " bytes.");
          default -> OpsAnswer.problem(400, "Bad Request", "The request is not valid HTTP/1.1.");
        };
    refuse(ctx, answer);
  }

  private boolean refuseByHead(ChannelHandlerContext ctx, HttpRequest head) {
    HttpMethod method = head.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      refuse(
          ctx,
          OpsAnswer.problem(
              405, "Method Not Allowed", method + " is not allowed; use GET or HEAD."));
      return true;
    }
    if (HttpUtil.getContentLength(head, 0L) > MAX_BODY_BYTES) {
      refuseBody(ctx);
      return true;
    }
    return false;
  }

  private void readBody(ChannelHandlerContext ctx, HttpContent content) {
    bodyBytes += content.content().readableBytes();
    if (bodyBytes > MAX_BODY_BYTES) {
      refuseBody(ctx);
    } else if (content instanceof LastHttpContent && request != null) {
      route(ctx, request);
      request = null;
    }
  }

  private void refuseBody(ChannelHandlerContext ctx) {
    refuse(ctx, OpsAnswer.problem(413, "Content Too Large", "The body has more than 8192 bytes."));
  }

  /// Answers and closes: what follows on the connection cannot be trusted or is not wanted.
  private void refuse(ChannelHandlerContext ctx, OpsAnswer answer) {
    isClosing = true;
    write(ctx, answer, false);
  }

  private void route(ChannelHandlerContext ctx, HttpRequest head) {
    boolean isKeptAlive = HttpUtil.isKeepAlive(head);
    OpsRequest asked;
    try {
      QueryStringDecoder uri = new QueryStringDecoder(head.uri());
      asked =
          new OpsRequest(
              uri.path(),
              List.copyOf(uri.parameters().keySet()),
              head.headers().get(HttpHeaderNames.AUTHORIZATION, ""),
              Peer.of(ctx.channel()));
    } catch (IllegalArgumentException _) {
      refuse(ctx, OpsAnswer.problem(400, "Bad Request", "The path is not validly encoded."));
      return;
    }
    OpsRoute route = routes.get(asked.path());
    if (route == null) {
      write(ctx, notFound(asked.path()), isKeptAlive);
      return;
    }
    ctx.channel().config().setAutoRead(false);
    try {
      answering.execute(() -> answer(ctx, route, asked, isKeptAlive));
    } catch (RejectedExecutionException _) {
      ChannelFuture _ = ctx.close(); // The port is closing.
    }
  }

  private OpsAnswer notFound(String path) {
    String shown = path.length() > 80 ? path.substring(0, 80) + "…" : path;
    return OpsAnswer.problem(
        404,
        "Not Found",
        "There is no " + shown + "; there are " + String.join(", ", routes.keySet()) + ".");
  }

  /// On a virtual thread.
  private static void answer(
      ChannelHandlerContext ctx, OpsRoute route, OpsRequest asked, boolean isKeptAlive) {
    OpsAnswer answer;
    try {
      answer = route.answer(asked);
    } catch (RuntimeException e) {
      LOG.warn("{} failed", asked.path(), e);
      answer = OpsAnswer.problem(500, "Internal Server Error", asked.path() + " failed.");
    }
    OpsAnswer ready = answer;
    ctx.executor()
        .execute(() -> {
          write(ctx, ready, isKeptAlive);
          ctx.channel().config().setAutoRead(true);
        });
  }

  private static void write(ChannelHandlerContext ctx, OpsAnswer answer, boolean isKeptAlive) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body().buffer()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length())
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    if (answer.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    if (answer.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, OpsAnswer.CHALLENGE);
    }
    HttpUtil.setKeepAlive(response, isKeptAlive);
    ChannelFuture written = ctx.writeAndFlush(response);
    if (!isKeptAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /// An idle time-out, a reset: nothing to tell anyone.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ChannelFuture _ = ctx.close();
  }
}
