package dev.weir.config;

import java.util.List;

/// The doors of the web: REST, Server-Sent Events, WebSocket.
///
/// @param isEnabled whether a core has them
/// @param origins of web pages that may use the core: `https://app.example`, or `*` for all
/// @param streams of events and WebSockets that may be open at once
public record WebSettings(boolean isEnabled, List<String> origins, int streams) {
  public WebSettings {
    origins = List.copyOf(origins);
  }
}
