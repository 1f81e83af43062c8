package dev.weir.config;

import java.util.Optional;

/// The address of a core as an edge or a client names it: `weir://core.example:4750`.
///
/// @param isSecure TLS is required: `weirs://`
public record CoreAddress(boolean isSecure, HostPort endpoint) {
  /// The one port of a core.
  public static final int DEFAULT_PORT = 4750;

  private static final String PLAIN = "weir://";
  private static final String SECURE = "weirs://";

  /// The address, or nothing when the text is none. The port may be left out.
  public static Optional<CoreAddress> parse(String text) {
    boolean isSecure = text.startsWith(SECURE);
    if (!isSecure && !text.startsWith(PLAIN)) {
      return Optional.empty();
    }
    String rest = text.substring(isSecure ? SECURE.length() : PLAIN.length());
    return HostPort.parse(rest)
        .or(() -> HostPort.parse(rest + ":" + DEFAULT_PORT))
        .filter(endpoint -> endpoint.port() != 0)
        .map(endpoint -> new CoreAddress(isSecure, endpoint));
  }

  @Override
  public String toString() {
    return (isSecure ? SECURE : PLAIN) + endpoint;
  }
}
