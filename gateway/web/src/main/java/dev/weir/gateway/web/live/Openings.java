package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.SlowPolicy;
import dev.weir.broker.Start;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.Reply;
import dev.weir.gateway.web.http.Takeover;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.SlowWords;
import dev.weir.gateway.web.json.Texts;
import dev.weir.gateway.web.rest.Receipts;
import dev.weir.message.TopicFilter;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Turns requests into subscriptions. Called on virtual threads.
public final class Openings {
  private final Clock clock;
  private final WebLimits limits;
  private final WebCounters counters;
  private final Receipts receipts;
  private final Executor handling;
  private final LiveConnections live = new LiveConnections();

  /// @param handling runs what sockets ask for, each frame on a virtual thread
  public Openings(
      Clock clock, WebLimits limits, WebCounters counters, Receipts receipts, Executor handling) {
    this.clock = clock;
    this.limits = limits;
    this.counters = counters;
    this.receipts = receipts;
    this.handling = handling;
  }

  /// `GET /v1/subscribe`: the connection becomes a stream of events.
  public Reply events(WebRequest request) {
    request.allow(
        "filter", "from", "end", "lastEventId", "retained", "slow", "maxBehind", "maxHold");
    SubscriptionRequest wanted = request(request);
    if (request.method().equals("HEAD")) {
      return new WebAnswer(200, EventStream.MEDIA_TYPE, Map.of(), Bytes.EMPTY);
    }
    if (!counters.tryOpenStream(false)) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "There are " + limits.streams() + " streams already.");
    }
    return new Events(wanted, request.caller());
  }

  /// The place of a stream is taken; it becomes one, or gives the place back.
  private final class Events implements Takeover {
    private final SubscriptionRequest wanted;
    private final Caller caller;

    Events(SubscriptionRequest wanted, Caller caller) {
      this.wanted = wanted;
      this.caller = caller;
    }

    @Override
    public ChannelHandler handler(FullHttpRequest request) {
      boolean isChunked = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
      return new EventStream(caller, wanted, isChunked, limits.heartbeat(), counters, clock, live);
    }

    @Override
    public void abandon() {
      caller.close();
      counters.closeStream(false);
    }
  }

  /// Tells every stream and socket that the core goes away.
  public void shutDown() {
    live.shutDown();
  }

  /// `GET /v1/ws`: the connection becomes a WebSocket.
  public Reply socket(WebRequest request) {
    request.allow();
    SocketProtocol protocol = checkUpgrade(request);
    if (!counters.tryOpenStream(true)) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "There are " + limits.streams() + " streams already.");
    }
    return new Socket(request.caller(), protocol);
  }

  private static SocketProtocol checkUpgrade(WebRequest request) {
    boolean isUpgrade =
        request.header("upgrade").orElse("").equalsIgnoreCase("websocket")
            && request.header("connection").orElse("").toLowerCase(Locale.ROOT).contains("upgrade");
    if (!isUpgrade
        || !request.header("sec-websocket-version").orElse("").equals("13")
        || !request.header("sec-websocket-key").orElse("").matches("[A-Za-z0-9+/]{22}==")) {
      throw new WeirException(
          ErrorCode.MALFORMED, "This path speaks WebSocket, version 13, and nothing else.");
    }
    Optional<String> protocols = request.header("sec-websocket-protocol");
    return SocketProtocol.chosen(protocols)
        .orElseThrow(() ->
            new WeirException(
                ErrorCode.UNSUPPORTED_VERSION,
                "The subprotocols are '"
                    + Texts.shown(protocols.orElse(""))
                    + "', expected "
                    + SocketProtocol.labels()
                    + "."));
  }

  /// The place of a socket is taken; it becomes one, or gives the place back.
  private final class Socket implements Takeover {
    private final Caller caller;
    private final SocketProtocol protocol;

    Socket(Caller caller, SocketProtocol protocol) {
      this.caller = caller;
      this.protocol = protocol;
    }

    @Override
    public ChannelHandler handler(FullHttpRequest request) {
      WebSocketDecoderConfig decoding =
          WebSocketDecoderConfig.newBuilder()
              .maxFramePayloadLength(limits.batchBytes())
              .allowExtensions(false)
              .build();
      WebSocketServerHandshaker handshaker =
          new WebSocketServerHandshaker13(request.uri(), protocol.label(), decoding);
      return new SocketHandler(
          handshaker,
          request,
          protocol,
          caller,
          limits,
          counters,
          live,
          handling,
          writer -> new SocketSession(caller, clock, receipts, counters, handling, writer));
    }

    @Override
    public void abandon() {
      caller.close();
      counters.closeStream(true);
    }
  }

  private SubscriptionRequest request(WebRequest request) {
    List<TopicFilter> filters = request.all("filter").stream().map(TopicFilter::parse).toList();
    if (filters.isEmpty()) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The parameter 'filter' is missing, such as filter=a/%23.");
    }
    String end = request.one("end").orElse("never");
    if (!end.equals("never") && !end.equals("tail")) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The parameter 'end' is '" + Texts.shown(end) + "', expected never or tail.");
    }
    String seen = seen(request);
    return new SubscriptionRequest(
        filters,
        start(request, seen),
        end.equals("tail"),
        false,
        truth(request, "retained") && seen.isEmpty(),
        slow(request));
  }

  private static boolean truth(WebRequest request, String name) {
    String text = request.one(name).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The parameter '" + name + "' is '" + Texts.shown(text) + "', expected true or false.");
    }
    return text.equals("true");
  }

  private static SlowPolicy slow(WebRequest request) {
    Optional<Long> maxBehind =
        request
            .one("maxBehind")
            .map(_ -> (long) request.number("maxBehind", 1, (int) SlowPolicy.MAX_BEHIND, 1));
    Optional<Duration> maxHold =
        request.one("maxHold").map(text -> Texts.duration("parameter 'maxHold'", text));
    return SlowWords.policy(request.one("slow"), maxBehind, maxHold);
  }

  private static String seen(WebRequest request) {
    return request.header("last-event-id").or(() -> request.one("lastEventId")).orElse("");
  }

  /// What a reader has seen last counts more than where it once began: a browser that comes back
  /// repeats its first address.
  private Start start(WebRequest request, String seen) {
    return Texts.start(seen.isEmpty() ? request.one("from").orElse("now") : seen, clock);
  }
}
