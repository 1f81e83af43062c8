package dev.weir.edge.source.syslog;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.socket.TlsConfig;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A syslog listener.
///
/// @param listen where; port 0 for any free one
/// @param transport how messages come
/// @param tls for a stream inside TLS (RFC 5425), with TCP alone: datagrams would go around it
/// @param maxMessage longer messages are split, 480 B to 1 MiB
/// @param maxConnectionCount open at once, 1 to 65,536
public record SyslogConfig(
    String name,
    String topic,
    InetSocketAddress listen,
    Transport transport,
    Optional<TlsConfig> tls,
    ByteSize maxMessage,
    int maxConnectionCount)
    implements SourceConfig {

  /// How messages come.
  public enum Transport {
    /// Datagrams and a stream on the same port.
    UDP_AND_TCP,
    UDP,
    TCP;

    boolean hasUdp() {
      return this == UDP_AND_TCP || this == UDP;
    }

    boolean hasTcp() {
      return this != UDP;
    }
  }

  /// The largest datagram; eight times what receivers have to take (RFC 5425 section 4.3.1).
  public static final ByteSize DEFAULT_MAX_MESSAGE = ByteSize.ofKibibytes(64);

  /// Each connection holds a message and a read: 64 MiB in the worst case.
  public static final int DEFAULT_MAX_CONNECTION_COUNT = 512;

  public SyslogConfig {
    Topic.check(topic);
    Checks.range("maxMessage", maxMessage.bytes(), 480, 1 << 20);
    Checks.range("maxConnectionCount", maxConnectionCount, 1, 65_536);
    Checks.argument(
        tls.isEmpty() || transport == Transport.TCP,
        "tls is given for " + transport + ", expected with TCP alone");
  }

  /// Both transports without TLS.
  public static SyslogConfig of(String name, String topic, InetSocketAddress listen) {
    return new SyslogConfig(
        name,
        topic,
        listen,
        Transport.UDP_AND_TCP,
        Optional.empty(),
        DEFAULT_MAX_MESSAGE,
        DEFAULT_MAX_CONNECTION_COUNT);
  }

  @Override
  public Source open(SourceContext context) {
    return new SyslogSource(this, context.pulled(), context.clock());
  }
}
