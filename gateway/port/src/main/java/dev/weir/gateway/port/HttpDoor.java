package dev.weir.gateway.port;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// HTTP/1.x for operations: a fixed set of paths, GET and HEAD only.
final class HttpDoor {
  /// A path and a token; longer is no request of ours.
  private static final int MAX_LINE_BYTES = 4 << 10;

  private final Map<String, OpsRoute> routes;
  private final long idleMillis;
  private final ExecutorService answering =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-port-ops-", 0).factory());

  HttpDoor(Map<String, OpsRoute> routes, PortLimits limits) {
    this.routes = new TreeMap<>(routes);
    this.idleMillis = limits.httpIdle().toMillis();
  }

  /// Adds what a connection needs at the end of its pipeline. A pipelined request waits in the flow
  /// control handler until the one before it is answered.
  void open(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(Port.MAX_HEADER_BYTES);
    pipeline.addLast(new ReadTimeoutHandler(idleMillis, TimeUnit.MILLISECONDS));
    pipeline.addLast(new HttpServerCodec(config));
    pipeline.addLast(new FlowControlHandler());
    pipeline.addLast(new OpsHandler(routes, answering));
  }

  void close() {
    answering.shutdownNow();
  }
}
