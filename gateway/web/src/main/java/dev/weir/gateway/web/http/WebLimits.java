package dev.weir.gateway.web.http;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;

/// What a stranger may demand of the web's doors.
///
/// @param body the largest body of one message, 1 KiB to 16 MiB
/// @param held bodies of requests that are being read or answered, all together, 64 KiB to 1 GiB
/// @param streams subscriptions by SSE and connections by WebSocket at once, 1 to 1,000,000
/// @param idle how long a connection may take for its next request's head, or for taking an answer,
///   10 ms to 1 h
/// @param bodyTime how long a request's body may take, longer by 10 s for each 128 KiB of it, 10 ms
///   to 1 h
/// @param answer how long storing may take before the request is answered with a time-out, 10 ms to
///   1 h
/// @param heartbeat how often something is sent on a quiet stream, 10 ms to 1 h
public record WebLimits(
    ByteSize body,
    ByteSize held,
    int streams,
    Duration idle,
    Duration bodyTime,
    Duration answer,
    Duration heartbeat) {
  /// A path with a topic of 1,024 bytes, each of them written in three, and a cursor fit into it.
  public static final int LINE_BYTES = 8 << 10;

  /// A message's own headers (16 KiB) and what clients add.
  public static final int HEADER_BYTES = 24 << 10;

  /// A description of a queue, or the leases of a hundred messages.
  public static final int SMALL_BODY_BYTES = 64 << 10;

  /// Many small messages fit into one request, whatever the size of one may be.
  private static final int MIN_BATCH_BYTES = 4 << 20;

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofHours(1);

  public WebLimits {
    Checks.range("body bytes", body.bytes(), 1 << 10, 16 << 20);
    Checks.range("held bytes", held.bytes(), 64 << 10, 1 << 30);
    Checks.range("streams", streams, 1, 1_000_000);
    check("idle", idle);
    check("bodyTime", bodyTime);
    check("answer", answer);
    check("heartbeat", heartbeat);
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected " + SHORTEST + " to " + LONGEST);
    }
  }

  /// 64 MiB held are an eighth of a small core's heap; 2,000 streams hold at most some 100 KiB
  /// each; 60 s and 30 s are what HTTP servers commonly allow; proxies cut what is quiet for 30 s
  /// or more.
  public static WebLimits of(ByteSize maxMessage) {
    return new WebLimits(
        maxMessage,
        ByteSize.ofMebibytes(64),
        2_000,
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(15));
  }

  /// The largest body of a request with several messages, and of a frame: base64 and names
  /// included.
  public int batchBytes() {
    return Math.max(MIN_BATCH_BYTES, body.intBytes() / 3 * 4 + SMALL_BODY_BYTES);
  }

  public WebLimits withHeld(ByteSize size) {
    return new WebLimits(body, size, streams, idle, bodyTime, answer, heartbeat);
  }

  public WebLimits withStreams(int count) {
    return new WebLimits(body, held, count, idle, bodyTime, answer, heartbeat);
  }

  public WebLimits withTimes(Duration newIdle, Duration newBodyTime, Duration newHeartbeat) {
    return new WebLimits(body, held, streams, newIdle, newBodyTime, answer, newHeartbeat);
  }
}
