package dev.weir.cli;

import dev.weir.client.RequestsExplanation;
import dev.weir.client.RequestsExplanation.Unanswered;
import java.io.PrintStream;

/// Prints which requests came to nothing, and who answers now: sentences, or one JSON object a
/// line, which says in `what` what it is.
final class ExplainedRequests {
  private final PrintStream out;
  private final boolean isJson;

  ExplainedRequests(PrintStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  void print(RequestsExplanation requests) {
    requests.unanswered().forEach(each -> out.println(isJson ? json(each) : text(each)));
    requests
        .responders()
        .forEach(each ->
            out.println(
                isJson ? ExplainedClient.json(each) : "somebody " + ExplainedClient.text(each)));
  }

  private static String text(Unanswered request) {
    return "request to %s%s%s came to nothing at %s: %s %s"
        .formatted(
            request.topic(),
            request.id().isEmpty() ? "" : ", id " + request.id().utf8(),
            request.key().isEmpty() ? "" : ", key " + request.key().utf8(),
            Times.iso(request.atMicros()),
            request.code().label(),
            request.code().meaning());
  }

  private static String json(Unanswered request) {
    return new JsonLine()
        .put("what", "request")
        .put("at", Times.iso(request.atMicros()))
        .put("topic", request.topic())
        .putBytes("id", "idEncoding", request.id())
        .putBytes("key", "keyEncoding", request.key())
        .put("code", request.code().label())
        .put("meaning", request.code().meaning())
        .line();
  }
}
