package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.GapReason;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.Problems;
import dev.weir.gateway.web.http.Responses;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One subscription as Server-Sent Events (WHATWG HTML §9.2).
///
/// ```
///  retry: 1000                                how soon a browser comes back
///
///  event: opened                              where it begins; a browser remembers the id
///  id: w1AQEEbWFpbgAAAAAAAAAAAAGXVbDW
///  data: {"cursor":"w1…"}
///
///  id: w1…                                    behind this message
///  data: {"topic":"a/b","body":"…",…}
///
///  event: retained-end                        what was retained has come, without ids until then:
///  id: w1…                                    a browser that comes back before asks for it again
///  data: {"cursor":"w1…"}
///
///  event: gap                                 these cannot be delivered any more
///  id: w1…
///  data: {"from":"main/0@3","to":9,"reason":"retention","cursor":"w1…"}
///
///  : quiet                                    nothing to tell; keeps proxies from cutting
///
///  event: end | event: failed                 the last one
/// ```
///
/// Threads: the connection's event loop for its beginning, heartbeats and end; the subscription's
/// virtual thread for events.
final class EventStream extends ChannelInboundHandlerAdapter
    implements FeedSink, LiveConnections.Live {
  static final String MEDIA_TYPE = "text/event-stream; charset=utf-8";

  private static final Bytes RETRY = Bytes.utf8("retry: 1000\n\n");
  private static final Bytes QUIET = Bytes.utf8(": quiet\n\n");

  private final Caller caller;
  private final SubscriptionRequest request;
  private final boolean isChunked;
  private final Duration heartbeat;
  private final WebCounters counters;
  private final Clock clock;
  private final LiveConnections live;
  private @Nullable Future<?> beating;
  private @Nullable Outlet outlet;
  private @Nullable Feed feed;
  private @Nullable Channel channel;
  private volatile long sentNanos;
  private volatile boolean isBegun;
  private boolean isReplaying;

  /// A place for the stream is taken already.
  ///
  /// @param isChunked whether the reader knows chunks; else the connection's end is the stream's
  EventStream(
      Caller caller,
      SubscriptionRequest request,
      boolean isChunked,
      Duration heartbeat,
      WebCounters counters,
      Clock clock,
      LiveConnections live) {
    this.caller = caller;
    this.request = request;
    this.isChunked = isChunked;
    this.heartbeat = heartbeat;
    this.counters = counters;
    this.clock = clock;
    this.live = live;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channel opened = ctx.channel();
    live.add(this);
    opened.closeFuture().addListener(_ -> closed());
    channel = opened;
    outlet = new Outlet(opened);
    Feed fresh = new Feed(outlet, this, counters, true);
    feed = fresh;
    try {
      fresh.open(caller.broker(), request, 0);
    } catch (WeirException e) {
      failed(e);
      return;
    }
    if (!opened.isActive()) {
      return; // It left meanwhile, and is cleared away.
    }
    caller.onEnd(_ -> LiveConnections.cutSoon(opened));
    beating =
        ctx.executor()
            .scheduleAtFixedRate(
                this::beat, heartbeat.toNanos(), heartbeat.toNanos(), TimeUnit.NANOSECONDS);
    // Reading goes on, to notice that the reader left.
    opened.config().setAutoRead(true);
  }

  private static HttpResponse head(boolean isChunked) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, MEDIA_TYPE)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff")
        .set("x-accel-buffering", "no") // nginx passes events on at once
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (isChunked) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    return head;
  }

  private void beat() {
    Outlet open = outlet;
    boolean isQuiet = clock.nanoTime() - sentNanos >= heartbeat.toNanos() / 2;
    if (open != null && isBegun && isQuiet && !open.isBusy()) {
      send(QUIET);
    }
  }

  private void send(Bytes text) {
    Outlet open = outlet;
    if (open != null) {
      sentNanos = clock.nanoTime();
      ByteBuf wrapped = Unpooled.wrappedBuffer(text.buffer());
      open.send(new DefaultHttpContent(wrapped), text.length());
    }
  }

  /// @param name of the event; empty for a message
  private void event(String name, Optional<Cursor> id, JsonText data) {
    Bytes json = data.bytes();
    StringBuilder front = new StringBuilder();
    if (!name.isEmpty()) {
      front.append("event: ").append(name).append('\n');
    }
    id.ifPresent(cursor -> front.append("id: ").append(cursor.token()).append('\n'));
    byte[] head = front.append("data: ").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + json.length() + 2];
    System.arraycopy(head, 0, whole, 0, head.length);
    json.copyTo(whole, head.length);
    whole[whole.length - 2] = '\n';
    whole[whole.length - 1] = '\n';
    send(Bytes.wrap(whole));
  }

  /// The answer's head waits until now, so that what cannot begin is refused with its own status.
  @Override
  public void opened(Cursor cursor) {
    isBegun = true;
    isReplaying = request.isWithRetained();
    counters.answered(HttpResponseStatus.OK.code());
    ChannelFuture _ = write(head(isChunked));
    send(RETRY);
    JsonText data = new JsonText().beginObject().put("cursor", cursor.token()).endObject();
    event("opened", id(cursor), data);
  }

  @Override
  public void message(Message message, Position position, long storedMicros, Cursor cursor) {
    JsonText data = new JsonText().beginObject();
    MessageJson.write(data, message, position, storedMicros, Optional.empty());
    event("", id(cursor), data.endObject());
  }

  /// None while what is retained is under way: whoever comes back with it would miss the rest.
  private Optional<Cursor> id(Cursor cursor) {
    return isReplaying ? Optional.empty() : Optional.of(cursor);
  }

  @Override
  public void retainedEnd(Cursor cursor) {
    isReplaying = false;
    JsonText data = new JsonText().beginObject().put("cursor", cursor.token()).endObject();
    event("retained-end", Optional.of(cursor), data);
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason, Cursor cursor) {
    JsonText data =
        new JsonText()
            .beginObject()
            .put("from", from.toString())
            .put("to", toOffset)
            .put("reason", reason.name().toLowerCase(Locale.ROOT))
            .put("cursor", cursor.token())
            .endObject();
    event("gap", Optional.of(cursor), data);
  }

  @Override
  public void ended(Cursor cursor) {
    JsonText data = new JsonText().beginObject().put("cursor", cursor.token()).endObject();
    event("end", Optional.of(cursor), data);
    finish();
  }

  @Override
  public void failed(WeirException cause) {
    if (!isBegun) {
      WebAnswer refusal = Problems.of(cause);
      counters.answered(refusal.status());
      write(Responses.of(refusal, false, false)).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    JsonText data = new JsonText().beginObject();
    Problems.members(data, cause);
    event("failed", Optional.empty(), data.endObject());
    finish();
  }

  private void finish() {
    write(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
  }

  private ChannelFuture write(Object part) {
    Channel open = channel;
    if (open == null) {
      throw new IllegalStateException("the stream has no connection yet");
    }
    return open.writeAndFlush(part);
  }

  /// Ends it with a word; the reader comes back later, or elsewhere.
  @Override
  public void shutDown() {
    failed(new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing."));
  }

  private void closed() {
    live.remove(this);
    Future<?> beats = beating;
    if (beats != null) {
      beats.cancel(false);
    }
    Feed open = feed;
    if (open != null) {
      open.close();
    }
    caller.close();
    counters.closeStream(false);
  }

  /// Nothing that a reader sends is wanted.
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object part) {
    ReferenceCountUtil.release(part);
    ChannelFuture _ = ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ChannelFuture _ = ctx.close();
  }
}
