package dev.weir.gateway.web.http;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.util.LinkedHashMap;
import java.util.Map;

/// An answer that is complete.
///
/// @param status 200 to 599
/// @param contentType media type of the body; empty without a body
/// @param headers further ones
public record WebAnswer(int status, String contentType, Map<String, String> headers, Bytes body)
    implements Reply {
  public static final String JSON = "application/json";

  public WebAnswer {
    Checks.range("status", status, 200, 599);
    headers = Map.copyOf(headers);
  }

  public static WebAnswer json(int status, Bytes body) {
    return new WebAnswer(status, JSON, Map.of(), body);
  }

  /// 204.
  public static WebAnswer empty() {
    return new WebAnswer(204, "", Map.of(), Bytes.EMPTY);
  }

  public WebAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new WebAnswer(status, contentType, more, body);
  }
}
