package dev.weir.node;

import dev.weir.base.WeirException;
import dev.weir.config.RouterConfig;
import dev.weir.config.ServerConfig;
import dev.weir.config.TlsSettings;
import dev.weir.config.WireSettings;
import dev.weir.gateway.port.PortTls;
import dev.weir.tls.PemFiles;
import dev.weir.wire.WireAuthenticator;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What keeps strangers out of wire, as configuration says. Who a client is, is decided by the
/// process that it connects to: a router shows storage nodes its own certificate or token.
final class WireSetup {
  private final WireSecurity security;
  private final @Nullable PemFiles files;
  private final List<Runnable> refreshes;

  private WireSetup(WireSecurity security, @Nullable PemFiles files, List<Runnable> refreshes) {
    this.security = security;
    this.files = files;
    this.refreshes = List.copyOf(refreshes);
  }

  /// For a server. TLS is the port's or the gate's, see [#portTls].
  ///
  /// @throws WeirException CONFIG_ENVIRONMENT when a file cannot be used, naming it
  static WireSetup serving(ServerConfig server, WireSettings wire) {
    TlsSettings tls = server.tls();
    WireSecurity security = WireSecurity.NONE;
    List<Runnable> refreshes = new ArrayList<>();
    PemFiles files = null;
    if (tls.isOn()) {
      files =
          new PemFiles(
              tls.certificate().orElseThrow(),
              tls.key().orElseThrow(),
              tls.clientCa().orElse(null));
      refreshes.add(files::refresh);
    }
    if (wire.tokens().isPresent()) {
      TokenFile tokens = new TokenFile(wire.tokens().get());
      refreshes.add(tokens::refresh);
      security = security.with(tokens);
    } else if (asked(tls) == PortTls.ClientCertificates.NEEDED) {
      security = security.with(WireAuthenticator.byCertificate());
    }
    return new WireSetup(security, files, refreshes);
  }

  private static PortTls.ClientCertificates asked(TlsSettings tls) {
    if (tls.clientCa().isEmpty()) {
      return PortTls.ClientCertificates.NONE;
    }
    return switch (tls.clients()) {
      case REQUIRED -> PortTls.ClientCertificates.NEEDED;
      case OPTIONAL -> PortTls.ClientCertificates.WANTED;
    };
  }

  /// TLS of what is listened on; null without.
  @Nullable PortTls portTls(TlsSettings tls) {
    return files == null
        ? null
        : new PortTls(
            files,
            asked(tls),
            switch (tls.plain()) {
              case REFUSED -> PortTls.Plain.REFUSED;
              case LOOPBACK -> PortTls.Plain.LOOPBACK;
              case EVERYONE -> PortTls.Plain.EVERYONE;
            });
  }

  /// The key files that are in use.
  List<PemFiles> keyFiles() {
    return files == null ? List.of() : List.of(files);
  }

  /// For a router as a client of its storage nodes.
  ///
  /// @throws WeirException as above
  static WireSetup calling(RouterConfig router) {
    return calling(
        router.ca().isPresent()
            ? new PemFiles(
                router.certificate().orElse(null),
                router.key().orElse(null),
                router.ca().orElseThrow())
            : null,
        router.token().orElse(null));
  }

  private static WireSetup calling(@Nullable PemFiles files, @Nullable Path tokenFile) {
    WireSecurity security = WireSecurity.NONE;
    List<Runnable> refreshes = new ArrayList<>();
    if (files != null) {
      refreshes.add(files::refresh);
      security = security.with(WireTls.client(files));
    }
    if (tokenFile != null) {
      TokenHolder token = new TokenHolder(tokenFile);
      refreshes.add(token::refresh);
      security = security.withToken(token::text);
    }
    return new WireSetup(security, files, refreshes);
  }

  WireSecurity security() {
    return security;
  }

  /// Reads certificates and tokens again, for the connections that follow.
  ///
  /// @throws WeirException when a file cannot be used; what was read before stays in force
  void refresh() {
    refreshes.forEach(Runnable::run);
  }

  /// A token that is read apart from the loops that show it.
  private static final class TokenHolder {
    private final Path file;
    private volatile String text;

    TokenHolder(Path file) {
      this.file = file;
      this.text = TokenFile.only(file);
    }

    String text() {
      return text;
    }

    void refresh() {
      text = TokenFile.only(file);
    }
  }
}
