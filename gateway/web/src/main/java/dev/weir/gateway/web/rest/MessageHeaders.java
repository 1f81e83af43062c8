package dev.weir.gateway.web.rest;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.Texts;
import dev.weir.message.Message;
import dev.weir.message.Retain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A message whose body is a request's body and whose properties are its headers.
///
/// | header | becomes |
/// |---|---|
/// | `Content-Type` | content type |
/// | `Weir-Key` | key |
/// | `Weir-Ttl`, `Weir-Delay` | ttl, delay: `30s` |
/// | `Weir-Priority` | priority, 0 to 9 |
/// | `Weir-Retain` | `true`: kept as the last of its topic; an empty body clears it |
/// | `Weir-Header-NAME` | the header `NAME`, in lower case |
/// | `traceparent`, `tracestate` | the headers of these names (W3C Trace Context) |
/// | `Idempotency-Key` | id: the same one is stored once |
public final class MessageHeaders {
  private static final String OWN = "weir-";
  private static final String HEADER = "weir-header-";
  private static final List<String> TRACE = List.of("traceparent", "tracestate");
  private static final String IDEMPOTENCY_KEY = "idempotency-key";

  private MessageHeaders() {}

  /// @throws WeirException with MALFORMED or INVALID_TOPIC
  /// @throws IllegalArgumentException for values out of range
  public static Message read(WebRequest request, String topic) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      String name = header.getKey();
      if (name.startsWith(HEADER)) {
        headers.put(name.substring(HEADER.length()), utf8(header.getValue()));
      } else if (TRACE.contains(name)) {
        headers.put(name, utf8(header.getValue()));
      } else if (name.startsWith(OWN)) {
        checkKnown(name);
      }
    }
    if (isRetain(request)) {
      headers.put(Retain.HEADER, "true");
    }
    return new Message(
        topic,
        Bytes.utf8(request.header("weir-key").map(MessageHeaders::utf8).orElse("")),
        0,
        headers,
        request.header("content-type").map(MessageHeaders::utf8).orElse(""),
        idempotencyKey(request),
        request.body(),
        duration(request, "weir-ttl"),
        duration(request, "weir-delay"),
        priority(request));
  }

  private static void checkKnown(String name) {
    if (!List.of("weir-key", "weir-ttl", "weir-delay", "weir-priority", "weir-retain")
        .contains(name)) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The header '"
              + Texts.shown(name)
              + "' is not known, expected Weir-Key, -Ttl, -Delay, -Priority, -Retain or -Header-NAME.");
    }
  }

  private static boolean isRetain(WebRequest request) {
    String text = request.header("weir-retain").orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The header 'weir-retain' is '" + Texts.shown(text) + "', expected true or false.");
    }
    return text.equals("true");
  }

  /// The id that a request's messages are stored once under; empty for none.
  static Bytes idempotencyKey(WebRequest request) {
    return Bytes.utf8(request.header(IDEMPOTENCY_KEY).map(MessageHeaders::utf8).orElse(""));
  }

  private static Duration duration(WebRequest request, String name) {
    return request
        .header(name)
        .map(text -> Texts.duration("header '" + name + "'", text))
        .orElse(Duration.ZERO);
  }

  private static int priority(WebRequest request) {
    String text = request.header("weir-priority").orElse("" + Message.DEFAULT_PRIORITY);
    if (!text.matches("\\d")) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The header 'weir-priority' is '" + Texts.shown(text) + "', expected 0 to 9.");
    }
    return text.charAt(0) - '0';
  }

  /// Netty reads headers as Latin-1, a byte a char; clients send UTF-8.
  private static String utf8(String latin1) {
    for (int i = 0; i < latin1.length(); i++) {
      if (latin1.charAt(i) >= 0x80) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return latin1;
  }
}
