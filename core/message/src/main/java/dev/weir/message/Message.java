package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.time.Duration;
import java.util.Map;

/// What Weir carries.
///
/// @param topic where it is published, see [Topic]
/// @param key messages of one key keep their order; empty for none
/// @param timeMicros when it arose, microseconds since 1970; 0 until the first Weir process stamps
///   it
/// @param headers names and values, at most 64
/// @param contentType media type of the body; empty for unknown
/// @param id the publisher's own id for duplicate suppression, at most 64 bytes; empty for none
/// @param body the content, at most 16 MiB
/// @param ttl how long it is worth delivering; zero for ever
/// @param delay how long to hold it back; zero for none
/// @param priority 0 (lowest) to 9, 4 by default
public record Message(
    String topic,
    Bytes key,
    long timeMicros,
    Map<String, String> headers,
    String contentType,
    Bytes id,
    Bytes body,
    Duration ttl,
    Duration delay,
    int priority) {
  public static final int DEFAULT_PRIORITY = 4;
  public static final int MAX_BODY_BYTES = 16 << 20;
  public static final int MAX_HEADERS = 64;
  public static final int MAX_ID_BYTES = 64;

  /// A key is hashed for each message; longer ones belong in the body.
  public static final int MAX_KEY_BYTES = 1024;

  /// Bounds what headers may add to a message, as HTTP servers bound theirs.
  public static final int MAX_HEADER_BYTES = 16 << 10;

  public Message {
    Topic.check(topic);
    headers = Map.copyOf(headers);
    Checks.range("headers", headers.size(), 0, MAX_HEADERS);
    Checks.range("key length", key.length(), 0, MAX_KEY_BYTES);
    Checks.range("id length", id.length(), 0, MAX_ID_BYTES);
    Checks.range("body length", body.length(), 0, MAX_BODY_BYTES);
    Checks.range("contentType length", contentType.length(), 0, 255);
    Checks.range("priority", priority, 0, 9);
    Checks.argument(!ttl.isNegative(), "ttl is " + ttl + ", expected zero or more");
    Checks.argument(!delay.isNegative(), "delay is " + delay + ", expected zero or more");
  }

  public static Message of(String topic, Bytes body) {
    return new Message(
        topic,
        Bytes.EMPTY,
        0,
        Map.of(),
        "",
        Bytes.EMPTY,
        body,
        Duration.ZERO,
        Duration.ZERO,
        DEFAULT_PRIORITY);
  }

  public static Message of(String topic, String body) {
    return of(topic, Bytes.utf8(body));
  }

  public Message withKey(Bytes newKey) {
    return new Message(
        topic, newKey, timeMicros, headers, contentType, id, body, ttl, delay, priority);
  }

  public Message withTimeMicros(long newTimeMicros) {
    return new Message(
        topic, key, newTimeMicros, headers, contentType, id, body, ttl, delay, priority);
  }

  public Message withHeaders(Map<String, String> newHeaders) {
    return new Message(
        topic, key, timeMicros, newHeaders, contentType, id, body, ttl, delay, priority);
  }

  public Message withContentType(String newContentType) {
    return new Message(
        topic, key, timeMicros, headers, newContentType, id, body, ttl, delay, priority);
  }

  public Message withId(Bytes newId) {
    return new Message(
        topic, key, timeMicros, headers, contentType, newId, body, ttl, delay, priority);
  }

  public Message withTtl(Duration newTtl) {
    return new Message(
        topic, key, timeMicros, headers, contentType, id, body, newTtl, delay, priority);
  }

  public Message withDelay(Duration newDelay) {
    return new Message(
        topic, key, timeMicros, headers, contentType, id, body, ttl, newDelay, priority);
  }

  public Message withPriority(int newPriority) {
    return new Message(
        topic, key, timeMicros, headers, contentType, id, body, ttl, delay, newPriority);
  }
}
