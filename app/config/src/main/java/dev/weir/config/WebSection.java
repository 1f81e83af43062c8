package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.util.List;
import java.util.Locale;

/// The keys of `server.web`.
final class WebSection {
  private static final String EXPECTED = "an origin such as https://app.example";

  private static final Key<Boolean> ENABLED =
      Key.of("enabled", Values.bool())
          .defaults("true")
          .about("Whether the core serves REST, Server-Sent Events and WebSocket below /v1.");
  private static final Key<List<String>> ORIGINS =
      Key.of("origins", new ListOf<>(origin(), 0))
          .about("Web pages of these origins may use the core; * is every page.");

  private static final Key<Integer> STREAMS =
      Key.of("streams", Values.integer("streams", 1, 1_000_000))
          .defaults("2000")
          .about("How many streams of events and WebSockets may be open at once.");

  static final Section<WebSettings> SECTION =
      new Section<>(
          "The doors of the web.",
          List.of(ENABLED, ORIGINS, STREAMS),
          bound -> new WebSettings(bound.get(ENABLED), bound.get(ORIGINS), bound.get(STREAMS)));

  private WebSection() {}

  /// As browsers write it (RFC 6454): scheme, host and, unless it is the scheme's own, port.
  private static Value<String> origin() {
    return Values.custom(
        "origin",
        "https://HOST, http://HOST:PORT, or *",
        (text, _) ->
            text.equals("*") || text.matches("https?://([a-z0-9.-]+|\\[[0-9a-f:]+])(:\\d{1,5})?")
                ? Reading.of(text)
                : Reading.wrongType(EXPECTED, fixFor(text)),
        text -> text);
  }

  private static String fixFor(String text) {
    String bare = text.toLowerCase(Locale.ROOT).replaceFirst("(https?://[^/]+)/.*", "$1");
    return bare.startsWith("http")
        ? "write " + bare + ", without a path and in lower case"
        : "write https:// or http:// before it, or * for every page";
  }
}
