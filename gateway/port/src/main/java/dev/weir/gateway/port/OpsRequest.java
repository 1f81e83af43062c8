package dev.weir.gateway.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request to an operations route.
///
/// @param path decoded, without the query: `/readyz`
/// @param parameters the query's decoded names in order, such as `verbose`
/// @param authorization the header of that name; empty without
/// @param peer who asks; null when that is not known
public record OpsRequest(
    String path, List<String> parameters, String authorization, @Nullable Peer peer) {
  public OpsRequest {
    parameters = List.copyOf(parameters);
  }

  /// Of nobody known.
  public OpsRequest(String path, List<String> parameters) {
    this(path, parameters, "", null);
  }

  /// It prints no secret.
  @Override
  public String toString() {
    return "OpsRequest[" + path + "]";
  }

  /// Whether the query asks for details.
  public boolean isVerbose() {
    return parameters.contains("verbose");
  }
}
