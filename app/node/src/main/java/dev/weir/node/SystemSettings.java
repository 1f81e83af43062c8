package dev.weir.node;

import dev.weir.config.HostPort;
import dev.weir.config.SystemInput;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.host.HostConfig;
import dev.weir.edge.source.process.ExecConfig;
import dev.weir.edge.source.process.JournalConfig;
import dev.weir.edge.source.relp.RelpConfig;
import dev.weir.edge.source.socket.TlsConfig;
import dev.weir.edge.source.statsd.StatsdConfig;
import dev.weir.edge.source.syslog.SyslogConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
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
      case SystemInput.StatsdInput statsd ->
          new StatsdConfig(
              "statsd-" + place,
              topic,
              address(statsd.listen()),
              statsd.protocol() != SystemInput.Protocol.TCP,
              statsd.protocol() != SystemInput.Protocol.UDP,
              statsd.interval(),
              statsd.maxSeries(),
              statsd.maxConnections());
      case SystemInput.HostInput host ->
          new HostConfig("host-" + place, topic, host.interval(), Path.of("/"));
      case SystemInput.ExecInput exec ->
          new ExecConfig(
              "exec-" + place,
              topic,
              exec.command(),
              exec.interval(),
              FileConfig.DEFAULT_MAX_LINE,
              exec.maxOutput());
      case SystemInput.JournaldInput journald ->
          new JournalConfig(
              "journald-" + place,
              topic,
              journald.matches(),
              journald.directory(),
              SourceSettings.startsAt(journald.from()),
              FileConfig.DEFAULT_MAX_LINE);
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
