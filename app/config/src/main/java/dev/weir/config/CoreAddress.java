package dev.weir.config;

import java.util.Arrays;
import java.util.Optional;

/// The address of a core as an edge or a client names it: `weir://core.example:4750`.
///
/// @param scheme how it is spoken to
public record CoreAddress(Scheme scheme, HostPort endpoint) {
  /// The one port of a core.
  public static final int DEFAULT_PORT = 4750;

  /// How a core is spoken to; each has a variant with TLS.
  public enum Scheme {
    /// Wire, or gRPC where wire does not come through.
    WEIR("weir"),
    WEIRS("weirs"),
    WIRE("wire"),
    WIRES("wires"),
    GRPC("grpc"),
    GRPCS("grpcs");

    private final String prefix;

    Scheme(String text) {
      this.prefix = text + "://";
    }
  }

  /// The address, or nothing when the text is none. The port may be left out.
  public static Optional<CoreAddress> parse(String text) {
    return Arrays.stream(Scheme.values())
        .filter(scheme -> text.startsWith(scheme.prefix))
        .findFirst()
        .flatMap(scheme -> parse(scheme, text.substring(scheme.prefix.length())));
  }

  private static Optional<CoreAddress> parse(Scheme scheme, String rest) {
    return HostPort.parse(rest)
        .or(() -> HostPort.parse(rest + ":" + DEFAULT_PORT))
        .filter(endpoint -> endpoint.port() != 0)
        .map(endpoint -> new CoreAddress(scheme, endpoint));
  }

  @Override
  public String toString() {
    return scheme.prefix + endpoint;
  }
}
