package dev.weir.gateway.web.rest;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Requests;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.Texts;
import dev.weir.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Asks who answers a topic, and answers with the reply as it is. Called on virtual threads, which
/// it blocks until there is one.
public final class Asking {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /// A proxy that waits longer is rare.
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(60);

  /// Headers of the reply that fit into a response beside its own.
  private static final int MAX_HEADER_BYTES = 16 << 10;

  /// `POST /v1/requests/{topic...}`: the body as it is.
  public WebAnswer ask(WebRequest request) {
    request.allow("timeout");
    Duration timeout =
        request
            .one("timeout")
            .map(text -> Texts.duration("parameter 'timeout'", text))
            .orElse(DEFAULT_TIMEOUT);
    if (timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The parameter 'timeout' is " + Texts.text(timeout) + ", expected 1ms to 60s.");
    }
    Requests requests = request.caller().broker().requests();
    Message asked = MessageHeaders.read(request, request.captured("topic"));
    CompletableFuture<Message> reply = requests.ask(asked, timeout);
    request.departures().onLost(() -> reply.cancel(false));
    try {
      return answer(reply.join());
    } catch (CompletionException e) {
      throw Receipts.cause(e);
    } catch (CancellationException e) {
      throw new WeirException(ErrorCode.CONNECTION_LOST, "The asker is gone.", e);
    }
  }

  /// The reply is a stranger's, under the core's own address: no browser may run it.
  private static WebAnswer answer(Message reply) {
    String type = reply.contentType();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-security-policy", "sandbox");
    int bytes = 0;
    for (Map.Entry<String, String> header : reply.headers().entrySet()) {
      String value = latin1(header.getValue());
      bytes += header.getKey().length() + value.length();
      if (isName(header.getKey()) && isValue(value) && bytes <= MAX_HEADER_BYTES) {
        headers.put("weir-header-" + header.getKey(), value);
      }
    }
    return new WebAnswer(
        200,
        type.isEmpty() || !isValue(latin1(type)) ? "application/octet-stream" : latin1(type),
        headers,
        reply.body());
  }

  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /// A token of RFC 9110 §5.6.2.
  private static boolean isName(String name) {
    return name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  }

  private static boolean isValue(String value) {
    return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
  }
}
