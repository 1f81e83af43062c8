package dev.weir.edge.source.relp;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.socket.TlsConfig;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A RELP listener.
///
/// @param listen where; port 0 for any free one
/// @param tls for a stream inside TLS
/// @param maxMessage a larger one is refused, 1 KiB to 1 MiB
/// @param maxConnectionCount open at once, 1 to 65,536
public record RelpConfig(
    String name,
    String topic,
    InetSocketAddress listen,
    Optional<TlsConfig> tls,
    ByteSize maxMessage,
    int maxConnectionCount)
    implements SourceConfig {

  /// What version 1 of the protocol fixes as the largest frame.
  public static final ByteSize DEFAULT_MAX_MESSAGE = ByteSize.ofKibibytes(128);

  /// Each connection holds a frame and a read: 80 MiB in the worst case.
  public static final int DEFAULT_MAX_CONNECTION_COUNT = 512;

  public RelpConfig {
    Topic.check(topic);
    Checks.range("maxMessage", maxMessage.bytes(), 1024, 1 << 20);
    Checks.range("maxConnectionCount", maxConnectionCount, 1, 65_536);
  }

  public static RelpConfig of(String name, String topic, InetSocketAddress listen) {
    return new RelpConfig(
        name, topic, listen, Optional.empty(), DEFAULT_MAX_MESSAGE, DEFAULT_MAX_CONNECTION_COUNT);
  }

  @Override
  public Source open(SourceContext context) {
    return new RelpSource(this, context.admission(), context.waitedFor(), context.clock());
  }
}
