package dev.weir.edge.source.http;

import com.sun.net.httpserver.Headers;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.JsonText;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes messages of a request.
///
/// | content type | messages |
/// |---|---|
/// | `application/x-ndjson` | one a line; blank lines are passed over |
/// | `application/json` | the elements of an array, or the one value |
/// | anything else | one, the body as it is |
///
/// | header | becomes |
/// |---|---|
/// | `X-Weir-Key` | the key |
/// | `X-Weir-Ttl` | the time to live, in seconds |
/// | `X-Weir-Priority` | the priority, 0 to 9 |
/// | `X-Weir-NAME` | the header `name` |
/// | `Idempotency-Key` | the id; with `#` and the index when there are several messages |
final class HttpMessages {
  /// A message is an object in memory: bounds what a body of line feeds can demand.
  static final int MAX_MESSAGES = 65_536;

  private static final String PREFIX = "x-weir-";

  private final String defaultTopic;
  private final long maxMessageBytes;

  HttpMessages(String defaultTopic, long maxMessageBytes) {
    this.defaultTopic = defaultTopic;
    this.maxMessageBytes = maxMessageBytes;
  }

  /// The topic that a path names.
  ///
  /// @throws WeirException with INVALID_TOPIC
  String topic(String path) {
    String topic = path.startsWith("/topics/") ? path.substring(8) : defaultTopic;
    if (topic.startsWith("$")) {
      throw new WeirException(
          ErrorCode.INVALID_TOPIC, "The topic '" + topic + "' begins with $, which is Weir's own.");
    }
    return Topic.check(topic);
  }

  /// @throws WeirException with MALFORMED or TOO_LARGE; nothing of the request is taken then
  List<Message> read(String topic, Headers headers, Bytes body, long timeMicros) {
    String contentType = String.valueOf(headers.getOrDefault("Content-Type", List.of("")).get(0));
    String media = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    List<Bytes> bodies =
        switch (media) {
          case "application/x-ndjson", "application/ndjson", "application/jsonl" -> lines(body);
          case "application/json" -> JsonText.elements(body);
          default -> List.of(body);
        };
    if (bodies.size() > MAX_MESSAGES) {
      throw tooLarge("The request holds " + bodies.size() + " messages, at most " + MAX_MESSAGES);
    }
    boolean isSplit = media.startsWith("application/") && media.contains("json");
    Message first = template(topic, headers, timeMicros);
    first = first.withContentType(isSplit ? "application/json" : contentType);
    List<Message> messages = new ArrayList<>(bodies.size());
    for (Bytes each : bodies) {
      if (each.length() > maxMessageBytes) {
        throw tooLarge(
            "A message has " + each.length() + " bytes, at most " + maxMessageBytes + " are taken");
      }
      messages.add(withBody(first, each));
    }
    @Nullable String idempotencyKey = headers.getFirst("Idempotency-Key");
    return idempotencyKey == null ? messages : withIds(messages, idempotencyKey);
  }

  private static List<Bytes> lines(Bytes body) {
    List<Bytes> lines = new ArrayList<>();
    int number = 1;
    for (int start = 0; start < body.length(); number++) {
      int end = start;
      while (end < body.length() && body.at(end) != '\n') {
        end++;
      }
      Bytes line = trim(body.slice(start, end - start));
      if (!line.isEmpty()) {
        try {
          JsonText.check(line);
        } catch (WeirException e) {
          throw new WeirException(e.code(), "Line " + number + ": " + e.getMessage(), e);
        }
        lines.add(line);
      }
      start = end + 1;
    }
    return lines;
  }

  private static Bytes trim(Bytes line) {
    int start = 0;
    int end = line.length();
    while (start < end && " \t\r".indexOf(line.at(start)) >= 0) {
      start++;
    }
    while (end > start && " \t\r".indexOf(line.at(end - 1)) >= 0) {
      end--;
    }
    return line.slice(start, end - start);
  }

  private static Message template(String topic, Headers headers, long timeMicros) {
    Map<String, String> own = new TreeMap<>();
    Message message = Message.of(topic, Bytes.EMPTY).withTimeMicros(timeMicros);
    try {
      for (Map.Entry<String, List<String>> header : headers.entrySet()) {
        String name = header.getKey().toLowerCase(Locale.ROOT);
        String value = String.join(", ", header.getValue());
        message =
            switch (name) {
              case "x-weir-key" -> message.withKey(Bytes.utf8(value));
              case "x-weir-ttl" -> message.withTtl(Duration.ofSeconds(Long.parseLong(value)));
              case "x-weir-priority" -> message.withPriority(Integer.parseInt(value));
              default -> message;
            };
        if (name.startsWith(PREFIX) && !OWN.contains(name)) {
          own.put(name.substring(PREFIX.length()), value);
        }
      }
      return own.isEmpty() ? message : message.withHeaders(own);
    } catch (IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "An X-Weir header is not valid: " + e.getMessage() + ".", e);
    }
  }

  private static final List<String> OWN = List.of("x-weir-key", "x-weir-ttl", "x-weir-priority");

  private static Message withBody(Message template, Bytes body) {
    return new Message(
        template.topic(),
        template.key(),
        template.timeMicros(),
        template.headers(),
        template.contentType(),
        template.id(),
        body,
        template.ttl(),
        template.delay(),
        template.priority());
  }

  private static List<Message> withIds(List<Message> messages, String key) {
    // Room for '#' and the largest index.
    boolean isLong = key.getBytes(StandardCharsets.UTF_8).length > Message.MAX_ID_BYTES - 6;
    String base = isLong ? digest(key) : key;
    if (messages.size() == 1) {
      return List.of(messages.getFirst().withId(Bytes.utf8(base)));
    }
    List<Message> named = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      named.add(messages.get(i).withId(Bytes.utf8(base + "#" + i)));
    }
    return named;
  }

  private static String digest(String key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha.digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static WeirException tooLarge(String fault) {
    return new WeirException(ErrorCode.TOO_LARGE, fault + ".");
  }
}
