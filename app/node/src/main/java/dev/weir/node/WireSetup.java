package dev.weir.node;

import dev.weir.base.WeirException;
import dev.weir.config.RouterConfig;
import dev.weir.config.WireSettings;
import dev.weir.tls.PemFiles;
import dev.weir.wire.WireAuthenticator;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What keeps strangers out of wire, as configuration says. Who a client is, is decided by the
/// process that it connects to: a router shows storage nodes its own certificate or token.
final class WireSetup {
  private final WireSecurity security;
  private final List<Runnable> refreshes;

  private WireSetup(WireSecurity security, List<Runnable> refreshes) {
    this.security = security;
    this.refreshes = List.copyOf(refreshes);
  }

  /// For a server.
  ///
  /// @throws WeirException CONFIG_ENVIRONMENT when a file cannot be used, naming it
  static WireSetup serving(WireSettings settings) {
    WireSecurity security = WireSecurity.NONE;
    List<Runnable> refreshes = new ArrayList<>();
    if (settings.certificate().isPresent()) {
      PemFiles files =
          new PemFiles(
              settings.certificate().get(),
              settings.key().orElseThrow(),
              settings.clientCa().orElse(null));
      refreshes.add(files::refresh);
      boolean asks = settings.clientCa().isPresent();
      security =
          security.with(
              WireTls.server(
                  files,
                  asks ? WireTls.ClientCertificates.NEEDED : WireTls.ClientCertificates.NONE));
    }
    if (settings.tokens().isPresent()) {
      TokenFile tokens = new TokenFile(settings.tokens().get());
      refreshes.add(tokens::refresh);
      security = security.with(tokens);
    } else if (settings.clientCa().isPresent()) {
      security = security.with(WireAuthenticator.byCertificate());
    }
    return new WireSetup(security, refreshes);
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

  private static WireSetup calling(
      @org.jspecify.annotations.Nullable PemFiles files,
      @org.jspecify.annotations.Nullable Path tokenFile) {
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
    return new WireSetup(security, refreshes);
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
