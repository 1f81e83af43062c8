package dev.weir.config;

import dev.weir.base.Checks;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address to listen on or to connect to: `127.0.0.1:4750`, `[::1]:4750`, `core.example:4750`.
///
/// @param host a name or an address, IPv6 without brackets
/// @param port 0 to 65535; 0 lets the system choose when listening
public record HostPort(String host, int port) {
  /// Brackets around IPv6, as in RFC 3986 section 3.2.2.
  private static final Pattern FORMAT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,253})):(\\d{1,5})");

  public HostPort {
    Checks.argument(!host.isEmpty(), "host is empty, expected a name or an address");
    Checks.range("port", port, 0, 65_535);
  }

  /// The address, or nothing when the text is none.
  public static Optional<HostPort> parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
      return Optional.empty();
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return Optional.of(new HostPort(host, Integer.parseInt(matcher.group(3))));
  }

  /// Whether only this machine can reach it. Names other than `localhost` are not looked up and
  /// count as reachable by others.
  public boolean isLoopback() {
    return host.toLowerCase(Locale.ROOT).equals("localhost")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
        || host.matches("(0{0,4}:){2,7}0{0,3}1")
        || host.toLowerCase(Locale.ROOT).matches("::ffff:127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /// Whether both cannot be listened on at once: the same port on one or on all interfaces.
  public boolean clashesWith(HostPort other) {
    return port != 0
        && port == other.port
        && (isWildcard() || other.isWildcard() || isSameHost(other));
  }

  private boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  private boolean isSameHost(HostPort other) {
    return host.equalsIgnoreCase(other.host) || (isFirstLoopback() && other.isFirstLoopback());
  }

  private boolean isFirstLoopback() {
    return host.equalsIgnoreCase("localhost") || host.equals("127.0.0.1");
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
