package dev.weir.gateway.port;

import java.util.List;

/// A request to an operations route.
///
/// @param path decoded, without the query: `/readyz`
/// @param parameters the query's decoded names in order, such as `verbose`
public record OpsRequest(String path, List<String> parameters) {
  public OpsRequest {
    parameters = List.copyOf(parameters);
  }

  /// Whether the query asks for details.
  public boolean isVerbose() {
    return parameters.contains("verbose");
  }
}
