package dev.weir.edge.source.otlp;

import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.http.HttpLimits;
import dev.weir.edge.source.http.HttpSource;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;

/// A listener for OTLP over HTTP.
///
/// @param topic of the source; a signal's topic is one level below it: `TOPIC/logs`
/// @param listen where, by convention port 4318; port 0 for any free one
/// @param limits the largest body at most 16 MiB
public record OtlpHttpConfig(String name, String topic, InetSocketAddress listen, HttpLimits limits)
    implements SourceConfig {
  public OtlpHttpConfig {
    Topic.check(topic + "/" + OtlpSignal.METRICS.label());
    Checks.range("maxBody", limits.maxBody().bytes(), 1, Message.MAX_BODY_BYTES);
  }

  @Override
  public Source open(SourceContext context) {
    return new HttpSource(
        name, "otlpHttp", listen, limits, meter -> new OtlpHttpExports(this, context, meter));
  }
}
