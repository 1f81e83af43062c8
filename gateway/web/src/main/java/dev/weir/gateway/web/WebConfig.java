package dev.weir.gateway.web;

import dev.weir.gateway.web.http.WebLimits;
import java.util.List;

/// How the web's doors are opened.
///
/// @param origins of web pages that may use the core, such as `https://app.example`; `*` for all
/// @param isLoopback whether only this machine reaches the core: it must then be called by an
///   address, by `localhost` or by the host of an origin
public record WebConfig(List<String> origins, boolean isLoopback, WebLimits limits) {
  public WebConfig {
    origins = List.copyOf(origins);
  }
}
