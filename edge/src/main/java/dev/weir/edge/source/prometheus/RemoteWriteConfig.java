package dev.weir.edge.source.prometheus;

import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.http.HttpLimits;
import dev.weir.edge.source.http.HttpSource;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;

/// A listener for Prometheus remote write, versions 1.0 and 2.0.
///
/// @param listen where; port 0 for any free one
/// @param limits the largest body at most 16 MiB
public record RemoteWriteConfig(
    String name, String topic, InetSocketAddress listen, HttpLimits limits)
    implements SourceConfig {
  public RemoteWriteConfig {
    Topic.check(topic);
    Checks.range("maxBody", limits.maxBody().bytes(), 1, Message.MAX_BODY_BYTES);
  }

  @Override
  public Source open(SourceContext context) {
    return new HttpSource(
        name,
        "remoteWrite",
        listen,
        limits,
        meter -> new RemoteWriteRequests(this, context, meter));
  }
}
