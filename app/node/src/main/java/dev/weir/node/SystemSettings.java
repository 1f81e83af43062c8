package dev.weir.node;

import dev.weir.config.HostPort;
import dev.weir.config.SystemInput;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.relp.RelpConfig;
import dev.weir.edge.source.socket.TlsConfig;
import dev.weir.edge.source.syslog.SyslogConfig;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Translates the inputs that come from operating systems and their daemons.
final class SystemSettings {
  private SystemSettings() {}

  /// @param place in the list of inputs, which is part of the source's name
  static SourceConfig of(int place, String topic, SystemInput input) {
    return switch (input) {
      case SystemInput.SyslogInput syslog -> syslog("syslog-" + place, topic, syslog);
      case SystemInput.RelpInput relp ->
          new RelpConfig(
              "relp-" + place,
              topic,
              address(relp.listen()),
              tls(relp.tls()),
              relp.maxMessage(),
              relp.maxConnections());
    };
  }

  private static SyslogConfig syslog(String name, String topic, SystemInput.SyslogInput input) {
    SyslogConfig.Transport transport =
        switch (input.protocol()) {
          case UDP_AND_TCP -> SyslogConfig.Transport.UDP_AND_TCP;
          case UDP -> SyslogConfig.Transport.UDP;
          case TCP -> SyslogConfig.Transport.TCP;
        };
    return new SyslogConfig(
        name,
        topic,
        address(input.listen()),
        transport,
        tls(input.tls()),
        input.maxMessage(),
        input.maxConnections());
  }

  private static Optional<TlsConfig> tls(Optional<SystemInput.Tls> tls) {
    return tls.map(files -> new TlsConfig(files.certificate(), files.key(), files.clientCa()));
  }

  private static InetSocketAddress address(HostPort listen) {
    return new InetSocketAddress(listen.host(), listen.port());
  }
}
