package dev.weir.edge.source.http;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;

/// An HTTP listener.
///
/// @param topic for requests to `/`; `/topics/a/b` names `a/b`
/// @param listen where; port 0 for any free one
/// @param maxMessage the largest message, 1 B to 16 MiB
public record HttpConfig(
    String name, String topic, InetSocketAddress listen, ByteSize maxMessage, HttpLimits limits)
    implements SourceConfig {

  public HttpConfig {
    Topic.check(topic);
    Checks.range("maxMessage", maxMessage.bytes(), 1, Message.MAX_BODY_BYTES);
  }

  /// Messages of 1 MiB in bodies of 16 MiB.
  public static HttpConfig of(String topic, InetSocketAddress listen) {
    HttpLimits limits = HttpLimits.of(ByteSize.ofMebibytes(16));
    return new HttpConfig("http", topic, listen, ByteSize.ofMebibytes(1), limits);
  }

  @Override
  public Source open(SourceContext context) {
    return new HttpSource(
        name, "http", listen, limits, meter -> new HttpIngest(this, context, meter));
  }
}
