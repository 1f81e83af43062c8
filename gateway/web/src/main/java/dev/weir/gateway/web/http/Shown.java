package dev.weir.gateway.web.http;

import dev.weir.gateway.port.Peer;
import java.util.List;

/// What a request shows of who asks.
///
/// @param authorization the header of that name; empty without
/// @param tokens values of the parameter `access_token`, where one may stand
/// @param peer the connection's other end, with the certificates that it has shown
public record Shown(String authorization, List<String> tokens, Peer peer) {
  public Shown {
    tokens = List.copyOf(tokens);
  }

  public boolean isNothing() {
    return authorization.isBlank() && tokens.isEmpty() && peer.certificates().isEmpty();
  }

  /// It prints no secret.
  @Override
  public String toString() {
    return "Shown[" + peer.address() + "]";
  }
}
