package dev.weir.gateway.web;

import dev.weir.base.Clock;
import dev.weir.broker.Broker;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRequest;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.web.http.Entrance;
import dev.weir.gateway.web.http.HttpConnection;
import dev.weir.gateway.web.http.HttpContext;
import dev.weir.gateway.web.http.OriginPolicy;
import dev.weir.gateway.web.http.RouteTable;
import dev.weir.gateway.web.http.RouteTable.Access;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.http.WebStats;
import dev.weir.gateway.web.live.Openings;
import dev.weir.gateway.web.live.SocketHandler;
import dev.weir.gateway.web.rest.Asking;
import dev.weir.gateway.web.rest.History;
import dev.weir.gateway.web.rest.OpenApi;
import dev.weir.gateway.web.rest.PresenceRoutes;
import dev.weir.gateway.web.rest.Publishing;
import dev.weir.gateway.web.rest.Pulls;
import dev.weir.gateway.web.rest.QueueRoutes;
import dev.weir.gateway.web.rest.Receipts;
import dev.weir.gateway.web.rest.RetainedRoute;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import io.netty.handler.flow.FlowControlHandler;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The web's doors of a core: takes HTTP/1.x connections of the port and serves REST, Server-Sent
/// Events, WebSocket and the operations' routes on them.
///
/// Any thread may call the methods. Connections live on the port's event loops; routes, streams and
/// sockets have virtual threads of their own.
public final class WebDoor implements AutoCloseable {
  private static final int SMALL = WebLimits.SMALL_BODY_BYTES;

  /// What a page may send; `Weir-Header-NAME` cannot be listed, pages use `/v1/publish` for those.
  private static final String[] ALLOWED_HEADERS = {
    "authorization",
    "content-type",
    "idempotency-key",
    "last-event-id",
    "traceparent",
    "tracestate",
    "weir-key",
    "weir-ttl",
    "weir-delay",
    "weir-priority",
    "weir-retain"
  };

  /// Browsers keep an answer no longer than two hours.
  private static final long PREFLIGHT_SECONDS = 7_200;

  private final RouteTable routes = new RouteTable();
  private final HttpContext context;
  private final WebCounters counters;
  private final Pulls pulls;
  private final Openings openings;
  private final @Nullable CorsConfig cors;
  private final ExecutorService answering =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-web-", 0).factory());

  /// @param entrance lets requests in, and says what each sees of the broker
  /// @param broker as it is, for what the doors need themselves
  /// @param operations further paths that are answered here, such as `/metrics`; they ask who comes
  ///   themselves
  public WebDoor(
      Entrance entrance,
      Broker broker,
      Clock clock,
      WebConfig config,
      Map<String, OpsRoute> operations) {
    WebLimits limits = config.limits();
    this.counters = new WebCounters(limits);
    this.pulls = new Pulls(broker.queues(), clock, new SecureRandom());
    Receipts receipts = new Receipts(broker, limits.answer());
    this.openings = new Openings(clock, limits, counters, receipts, answering);
    Publishing publishing = new Publishing(receipts, counters);
    new QueueRoutes(pulls, receipts, publishing, limits, clock).addTo(routes);
    new PresenceRoutes(receipts).addTo(routes);
    addTopics(publishing, new History(clock, limits), limits);
    operations.forEach((path, route) ->
        routes.add("GET", path, SMALL, Access.OPEN, request -> answer(route, request)));
    this.context =
        new HttpContext(
            routes,
            entrance,
            new OriginPolicy(config.origins(), config.isLoopback()),
            limits,
            counters,
            answering);
    this.cors = config.origins().isEmpty() ? null : cors(config.origins());
  }

  private void addTopics(Publishing publishing, History history, WebLimits limits) {
    routes
        .add("GET", "/v1/openapi.json", SMALL, new OpenApi()::answer)
        .add("POST", "/v1/publish", limits.batchBytes(), publishing::several)
        .add("GET", "/v1/retained", SMALL, new RetainedRoute()::page)
        .add("GET", "/v1/topics", SMALL, history::topics)
        .add("POST", "/v1/topics/{topic...}", limits.body().intBytes(), publishing::one)
        .add("GET", "/v1/topics/{topic...}", SMALL, history::page)
        .add("POST", "/v1/requests/{topic...}", limits.body().intBytes(), new Asking()::ask)
        .add("GET", "/v1/subscribe", SMALL, Access.PAGES, openings::events)
        .add("GET", "/v1/ws", SMALL, Access.PAGES, openings::socket);
  }

  private static WebAnswer answer(OpsRoute route, WebRequest request) {
    OpsAnswer answer =
        route.answer(
            new OpsRequest(
                request.path(),
                List.copyOf(request.parameters().keySet()),
                request.header("authorization").orElse(""),
                request.peer()));
    WebAnswer whole = new WebAnswer(answer.status(), answer.contentType(), Map.of(), answer.body());
    return answer.status() == HttpResponseStatus.UNAUTHORIZED.code()
        ? whole.with("www-authenticate", OpsAnswer.CHALLENGE)
        : whole;
  }

  private static CorsConfig cors(List<String> origins) {
    CorsConfigBuilder builder =
        origins.contains(OriginPolicy.ANY)
            ? CorsConfigBuilder.forAnyOrigin()
            : CorsConfigBuilder.forOrigins(origins.toArray(String[]::new));
    return builder
        .allowedRequestMethods(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)
        .allowedRequestHeaders(ALLOWED_HEADERS)
        .exposeHeaders("link", "retry-after", "www-authenticate")
        .maxAge(PREFLIGHT_SECONDS)
        .build();
  }

  /// Takes a connection over, from its first byte on. On its event loop.
  public void open(Channel channel) {
    HttpDecoderConfig decoding =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(WebLimits.LINE_BYTES)
            .setMaxHeaderSize(WebLimits.HEADER_BYTES);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(new HttpServerCodec(decoding));
    pipeline.addLast(SocketHandler.FLOW, new FlowControlHandler());
    if (cors != null) {
      pipeline.addLast(new CorsHandler(cors));
    }
    pipeline.addLast(new HttpConnection(context));
  }

  /// What is answered, in the order in which paths are tried.
  List<RouteTable.Entry> routes() {
    return routes.entries();
  }

  public WebStats stats() {
    return counters.stats(pulls.held());
  }

  /// Ends streams and sockets with a word and stops answering. Idempotent, never throws.
  @Override
  public void close() {
    openings.shutDown();
    pulls.close();
    answering.shutdown(); // Without interrupts, which would close files of the log that are read.
  }
}
