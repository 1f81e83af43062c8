package dev.weir.gateway.web;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.broker.Broker;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRequest;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.gateway.web.http.HttpConnection;
import dev.weir.gateway.web.http.HttpContext;
import dev.weir.gateway.web.http.OriginPolicy;
import dev.weir.gateway.web.http.RouteTable;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.http.WebStats;
import dev.weir.gateway.web.live.Openings;
import dev.weir.gateway.web.live.SocketHandler;
import dev.weir.gateway.web.rest.History;
import dev.weir.gateway.web.rest.Publishing;
import dev.weir.gateway.web.rest.Pulls;
import dev.weir.gateway.web.rest.QueueRoutes;
import dev.weir.gateway.web.rest.Receipts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.cors.CorsConfig;
import io.netty.handler.codec.http.cors.CorsConfigBuilder;
import io.netty.handler.codec.http.cors.CorsHandler;
import io.netty.handler.flow.FlowControlHandler;
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
  private final HttpContext context;
  private final WebCounters counters;
  private final Pulls pulls;
  private final Openings openings;
  private final @Nullable CorsConfig cors;
  private final ExecutorService answering =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-web-", 0).factory());

  /// @param operations further paths that are answered here, such as `/metrics`
  public WebDoor(
      Broker broker, Clock clock, WebConfig config, Map<String, OpsRoute> operations) {
    WebLimits limits = config.limits();
    this.counters = new WebCounters(limits);
    RouteTable routes = new RouteTable();
    operations.forEach((path, route) -> routes.add("GET", path, WebLimits.SMALL_BODY_BYTES, request -> answer(route, request)));
    Receipts receipts = new Receipts(broker, limits.answer());
    this.pulls = new Pulls(broker.queues(), clock.epochMicros(), clock);
    Publishing publishing = new Publishing(broker, receipts, counters);
    routes.add("POST", "/v1/publish", limits.batchBytes(), publishing::several);
    routes.add("POST", "/v1/topics/{topic...}", limits.body().intBytes(), publishing::one);
    History history = new History(broker, clock, limits);
    routes.add("GET", "/v1/topics", WebLimits.SMALL_BODY_BYTES, history::topics);
    routes.add("GET", "/v1/topics/{topic...}", WebLimits.SMALL_BODY_BYTES, history::page);
    QueueRoutes queues = new QueueRoutes(broker.queues(), pulls, receipts, publishing, limits);
    queues.addTo(routes);
    this.openings = new Openings(broker, clock, limits, counters, receipts, answering);
    routes.add("GET", "/v1/ws", WebLimits.SMALL_BODY_BYTES, openings::socket);
    routes.add("GET", "/v1/subscribe", WebLimits.SMALL_BODY_BYTES, openings::events);
    this.context =
        new HttpContext(
            routes,
            new OriginPolicy(config.origins(), config.isLoopback()),
            limits,
            counters,
            answering);
    this.cors = config.origins().isEmpty() ? null : cors(config.origins());
  }

  private static WebAnswer answer(OpsRoute route, WebRequest request) {
    OpsAnswer answer =
        route.answer(new OpsRequest(request.path(), List.copyOf(request.parameters().keySet())));
    return new WebAnswer(answer.status(), answer.contentType(), Map.of(), answer.body());
  }

  private static CorsConfig cors(List<String> origins) {
    CorsConfigBuilder builder =
        origins.contains(OriginPolicy.ANY)
            ? CorsConfigBuilder.forAnyOrigin()
            : CorsConfigBuilder.forOrigins(origins.toArray(String[]::new));
    return builder
        .allowedRequestMethods(HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)
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
