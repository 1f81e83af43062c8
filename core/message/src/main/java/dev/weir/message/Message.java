package dev.weir.message;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What Weir carries.
///
/// @param topic where it is published, see [Topic]
/// @param key messages of one key keep their order; empty for none
/// @param timeMicros when it arose, microseconds since 1970; 0 until the first Weir process stamps
///   it
/// @param headers names and values in the publisher's order, at most 64 and 16 KiB together
/// @param contentType media type of the body; empty for unknown
/// @param id the publisher's own id for duplicate suppression, at most 64 bytes; empty for none
/// @param body the content, at most 16 MiB
/// @param ttl how long it is worth delivering, to the millisecond, at most 100 years; zero for ever
/// @param delay how long to hold it back, to the millisecond, at most 100 years; zero for none
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

  /// Longer than anything lives, and far from overflowing a sum of times.
  public static final Duration MAX_TTL = Duration.ofDays(36_525);

  public Message {
    Topic.check(topic);
    headers = ordered(headers);
    Checks.range("key length", key.length(), 0, MAX_KEY_BYTES);
    Checks.range("id length", id.length(), 0, MAX_ID_BYTES);
    Checks.range("body length", body.length(), 0, MAX_BODY_BYTES);
    Checks.range("contentType length", contentType.length(), 0, 255);
    Checks.range("priority", priority, 0, 9);
    ttl = wholeMillis("ttl", ttl);
    delay = wholeMillis("delay", delay);
  }

  /// A copy that keeps the order, so that one message always has one encoding.
  private static Map<String, String> ordered(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return Map.of();
    }
    Checks.range("headers", headers.size(), 0, MAX_HEADERS);
    int bytes = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      bytes += Topic.utf8Length(header.getKey()) + Topic.utf8Length(header.getValue());
    }
    Checks.range("header bytes", bytes, 0, MAX_HEADER_BYTES);
    return Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /// Rounds up: a time of half a millisecond must not become zero, which means none.
  private static Duration wholeMillis(String name, Duration time) {
    if (time.isZero()) {
      return Duration.ZERO;
    }
    if (time.isNegative() || time.compareTo(MAX_TTL) > 0) {
      throw new IllegalArgumentException(name + " is " + time + ", expected zero to " + MAX_TTL);
    }
    Duration whole = time.truncatedTo(ChronoUnit.MILLIS);
    return whole.equals(time) ? time : whole.plusMillis(1);
  }

  public static Message of(String topic, Bytes body) {
    return of(topic, body, Map.of(), 0);
  }

  /// With what a source knows of each line; checked once, where a chain of copies checks each.
  public static Message of(String topic, Bytes body, Map<String, String> headers, long timeMicros) {
    return new Message(
        topic,
        Bytes.EMPTY,
        timeMicros,
        headers,
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
