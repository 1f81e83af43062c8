package dev.weir.edge.source.otlp;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.http.HttpLimits;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;

/// A listener for OTLP over gRPC.
///
/// @param topic of the source; a signal's topic is one level below it: `TOPIC/logs`
/// @param listen where, by convention port 4317; port 0 for any free one
/// @param limits the largest request 1 KiB to 16 MiB; the others as for HTTP/1.1, and told as
///   RESOURCE_EXHAUSTED and UNAVAILABLE
public record OtlpConfig(String name, String topic, InetSocketAddress listen, HttpLimits limits)
    implements SourceConfig {
  public OtlpConfig {
    Topic.check(topic + "/" + OtlpSignal.METRICS.label());
    ByteSize maxBody = limits.maxBody();
    Checks.range("maxBody", maxBody.bytes(), 1 << 10, Message.MAX_BODY_BYTES);
  }

  @Override
  public Source open(SourceContext context) {
    return new OtlpSource(this, context);
  }
}
