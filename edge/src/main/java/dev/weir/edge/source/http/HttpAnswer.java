package dev.weir.edge.source.http;

import dev.weir.base.Bytes;
import java.util.Map;

/// What a request is answered with.
///
/// @param status 200 to 599
/// @param contentType of the body; empty with an empty body
/// @param headers beside the content type
public record HttpAnswer(int status, String contentType, Bytes body, Map<String, String> headers) {
  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  public static HttpAnswer of(int status, String contentType, Bytes body) {
    return new HttpAnswer(status, contentType, body, Map.of());
  }

  /// Asks the client to come again: what is full now drains at the pace of the uplink.
  boolean isRetryable() {
    return status == 429 || status == 503;
  }
}
