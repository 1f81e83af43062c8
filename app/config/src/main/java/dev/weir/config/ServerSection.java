package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.util.List;

/// The keys of `server`.
final class ServerSection {
  private static final Key<ServerRole> ROLE =
      Key.of("role", Values.choice(List.of(ServerRole.values())))
          .defaults("all")
          .about("What is served: all, or key/value buckets alone, or a router to them.");
  private static final Key<HostPort> LISTEN =
      Key.of("listen", AddressValues.hostPort())
          .defaults("127.0.0.1:4750")
          .about("Where the core listens; port 0 lets the system choose.");
  private static final Key<Path> DATA_DIR =
      Key.of("dataDir", AddressValues.directory("data"))
          .defaults(AddressValues.AUTO)
          .about("Where the core keeps its log; auto is $XDG_STATE_HOME/weir/data.");
  private static final Key<ByteSize> MAX_MESSAGE =
      Key.of("maxMessage", Values.size("1KiB", "16MiB"))
          .defaults("1MiB")
          .about("The largest body of a message that is accepted.");
  private static final Key<Boolean> INSECURE_BIND =
      Key.of("insecureBind", Values.bool())
          .defaults("false")
          .about("Allows to listen beyond loopback, where anyone who reaches the port is let in.");
  private static final Key<HostPort> OPS =
      Key.of("ops", AddressValues.hostPort())
          .defaults("127.0.0.1:4770")
          .about("Where a storage node or a router serves /livez, /readyz and /metrics.");
  private static final Key<WebSettings> WEB = Key.of("web", WebSection.SECTION);

  static final Section<ServerConfig> SECTION =
      new Section<>(
          "The core: what it listens on and what it accepts.",
          List.of(
              LISTEN,
              DATA_DIR,
              MAX_MESSAGE,
              INSECURE_BIND,
              ROLE,
              OPS,
              WEB,
              ListenSection.TLS,
              ListenSection.PROXIES,
              ListenSection.LIMITS),
          bound ->
              new ServerConfig(
                  bound.get(ROLE),
                  bound.get(LISTEN),
                  bound.get(DATA_DIR),
                  bound.get(MAX_MESSAGE),
                  bound.get(INSECURE_BIND),
                  bound.get(OPS),
                  bound.get(WEB),
                  bound.get(ListenSection.TLS),
                  bound.get(ListenSection.PROXIES),
                  bound.get(ListenSection.LIMITS)));

  private ServerSection() {}
}
