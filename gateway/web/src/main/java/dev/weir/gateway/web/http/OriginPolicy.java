package dev.weir.gateway.web.http;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which web pages may use the core. Pure.
///
/// Problem: a browser on this machine carries requests of any page to the loopback, where the core
/// lets everyone in; a page may also give the loopback's address to a name of its own ("DNS
/// rebinding"), and is then of the same origin as the core. Idea: what names an origin must come
/// from one that is configured or from the core itself; and a core on the loopback must be called
/// by an address, by `localhost`, or by the host of a configured origin. Programs send no origin
/// and are not asked for one.
public final class OriginPolicy {
  /// Every origin.
  public static final String ANY = "*";

  private final Set<String> origins;
  private final Set<String> hosts = new HashSet<>();
  private final boolean isLoopback;

  /// @param origins such as `https://app.example`, or `*`
  /// @param isLoopback whether only this machine reaches the core
  public OriginPolicy(List<String> origins, boolean isLoopback) {
    this.origins = Set.copyOf(origins);
    this.isLoopback = isLoopback;
    for (String origin : origins) {
      if (!origin.equals(ANY)) {
        hosts.add(nameOf(URI.create(origin).getAuthority()));
      }
    }
  }

  /// @param origin the header `Origin`
  /// @param host the header `Host`
  /// @return why the request is refused
  public Optional<WeirException> judge(@Nullable String origin, @Nullable String host) {
    if (isLoopback && host != null && !isOwnName(nameOf(host))) {
      return refused("The core listens on the loopback and is not known as '" + shown(host) + "'.");
    }
    if (origin == null || origins.contains(ANY) || origins.contains(origin)) {
      return Optional.empty();
    }
    boolean isSame =
        host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
    return isSame
        ? Optional.empty()
        : refused("The page's origin is '" + shown(origin) + "', which is not configured.");
  }

  private boolean isOwnName(String name) {
    return name.equals("localhost")
        || name.startsWith("[")
        || name.matches("[0-9.]+")
        || hosts.contains(name);
  }

  /// The name of `name:port`, in lower case.
  private static String nameOf(String host) {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    return (hasPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }

  private static String shown(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  private static Optional<WeirException> refused(String detail) {
    return Optional.of(new WeirException(ErrorCode.ORIGIN_REFUSED, detail));
  }
}
