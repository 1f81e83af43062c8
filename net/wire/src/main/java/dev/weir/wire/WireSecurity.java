package dev.weir.wire;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How an end keeps others from reading along, and strangers out.
///
/// @param tls null for plain TCP, and where an entrance sees to it
/// @param authenticator what a server asks of its clients; null for nothing
/// @param token what a client shows, asked for each connection; null for nothing. 1 to 8192 bytes
/// @param entrance what stands in front of a server; null for nothing
public record WireSecurity(
    @Nullable WireTls tls,
    @Nullable WireAuthenticator authenticator,
    @Nullable Supplier<String> token,
    @Nullable WireEntrance entrance) {
  /// Plain TCP, and anyone may come.
  public static final WireSecurity NONE = new WireSecurity(null, null, null, null);

  public WireSecurity with(WireTls other) {
    return new WireSecurity(other, authenticator, token, entrance);
  }

  public WireSecurity with(WireAuthenticator other) {
    return new WireSecurity(tls, other, token, entrance);
  }

  public WireSecurity withToken(Supplier<String> other) {
    return new WireSecurity(tls, authenticator, other, entrance);
  }

  public WireSecurity with(WireEntrance other) {
    return new WireSecurity(tls, authenticator, token, other);
  }
}
