package dev.weir.cli;

import dev.weir.client.ClientOperations.Connected;
import dev.weir.client.ClientOperations.Happened;

/// How connections are printed, the same in every command.
final class ClientLines {
  static final String HEADINGS =
      "%8s  %-24s  %-8s  %-3s  %-20s  %s"
          .formatted("ID", "SINCE", "PROTOCOL", "TLS", "CERTIFICATE", "ADDRESS");

  private ClientLines() {}

  static String row(Connected client) {
    return "%8d  %-24s  %-8s  %-3s  %-20s  %s"
        .formatted(
            client.id(),
            Times.iso(client.sinceMicros() / 1_000 * 1_000),
            client.protocol(),
            client.isSecure() ? "yes" : "no",
            client.certificate().isEmpty() ? "-" : client.certificate(),
            client.address());
  }

  static String json(Connected client) {
    return fields(new JsonLine(), client).line();
  }

  private static JsonLine fields(JsonLine line, Connected client) {
    return line.put("id", client.id())
        .put("address", client.address())
        .put("protocol", client.protocol())
        .put("tls", client.isSecure())
        .put("certificate", client.certificate())
        .put("since", Times.iso(client.sinceMicros()));
  }

  static String row(Happened event) {
    return "%-27s  %-6s  %d  %s  %s"
        .formatted(
            Times.iso(event.atMicros()),
            event.kind(),
            event.client().id(),
            event.client().protocol(),
            event.client().address());
  }

  static String json(Happened event) {
    JsonLine line =
        new JsonLine().put("at", Times.iso(event.atMicros())).put("event", event.kind());
    return fields(line, event.client()).line();
  }
}
