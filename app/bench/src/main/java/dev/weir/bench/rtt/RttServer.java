package dev.weir.bench.rtt;

import dev.weir.load.ChildTalk;
import dev.weir.wire.Transport;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;

/// The far side of the path, in a process of its own: takes [Upload]s in every way.
///
///     RttServer HOST
public final class RttServer {
  private RttServer() {}

  public static void main(String[] arguments) throws IOException {
    String host = arguments[0];
    Server standard = start(builder(host));
    Server tuned = start(builder(host).flowControlWindow(RttClient.TUNED_WINDOW));
    Server fixed = start(builder(host).flowControlWindow(RttClient.FIXED_WINDOW));
    try (HttpUploads http = new HttpUploads(host);
        WireLoops loops = WireLoops.start("far", 1, Transport.best());
        WireServer wire =
            WireServer.start(
                loops,
                WireContext.of("far").with(Upload.LIMITS),
                new InetSocketAddress(host, 0),
                UploadService::new)) {
      RttPorts ports =
          new RttPorts(
              wire.port(), standard.getPort(), tuned.getPort(), fixed.getPort(), http.start());
      ChildTalk.serve(
          ports.words(),
          words -> {
            throw new IllegalArgumentException("unknown: " + words);
          });
    }
    standard.shutdownNow();
    tuned.shutdownNow();
    fixed.shutdownNow();
  }

  private static NettyServerBuilder builder(String host) {
    return NettyServerBuilder.forAddress(new InetSocketAddress(host, 0))
        .maxInboundMessageSize(Upload.MAX_BYTES)
        .directExecutor()
        .addService(new UploadService());
  }

  private static Server start(NettyServerBuilder builder) throws IOException {
    return builder.build().start();
  }
}
