package dev.weir.node;

/// The metrics of the web's doors.
final class WebMeters {
  private WebMeters() {}

  static void web(Meters<CoreFigures> meters) {
    String answers = "Requests that were answered, by the class of the status.";
    meters
        .counter("weir.web.answers", answers, f -> f.web().succeeded(), "class", "success")
        .counter("weir.web.answers", answers, f -> f.web().refused(), "class", "refused")
        .counter("weir.web.answers", answers, f -> f.web().failed(), "class", "failed")
        .counter(
            "weir.web.origins.refused",
            "Requests of web pages that may not use the core.",
            f -> f.web().refusedOrigins())
        .counter(
            "weir.web.slow",
            "Connections closed because a body or the taking of an answer took too long.",
            f -> f.web().slow())
        .counter(
            "weir.web.messages.published",
            "Messages that were published and stored.",
            f -> f.web().published())
        .counter(
            "weir.web.messages.delivered",
            "Messages sent on streams and to consumers.",
            f -> f.web().delivered())
        .counter(
            "weir.web.frames.refused",
            "WebSocket frames that were refused.",
            f -> f.web().faultyFrames())
        .gauge("weir.web.streams", "Open streams.", f -> f.web().eventStreams(), "kind", "sse")
        .gauge("weir.web.streams", "Open streams.", f -> f.web().sockets(), "kind", "websocket")
        .gauge("weir.web.held.bytes", "Bodies of requests in memory.", f -> f.web().heldBytes())
        .gauge("weir.web.leases", "Messages that pulls hold.", f -> f.web().leases());
  }
}
