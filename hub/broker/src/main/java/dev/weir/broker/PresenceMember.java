package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Topic;
import java.time.Duration;

/// Somebody who is present at a topic.
///
/// @param name 1 to 64 characters, its own within the topic
/// @param user whose it is; empty for nobody's
/// @param data what it says of itself, at most 4 KiB
/// @param sinceMicros when it entered, microseconds since 1970
/// @param grace how long it stays once nobody holds it, up to 10 min
public record PresenceMember(
    String name, String user, Bytes data, long sinceMicros, Duration grace) {
  public static final int MAX_NAME_CHARS = 64;
  public static final int MAX_DATA_BYTES = 4 << 10;
  public static final Duration MAX_GRACE = Duration.ofMinutes(10);

  /// A phone that changes from one network to another is back within it; so says Ably, too.
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(15);

  public PresenceMember {
    Checks.range("member length", name.length(), 1, MAX_NAME_CHARS);
    Checks.argument(
        name.chars().noneMatch(c -> c < ' ' || c == 0x7f), "member has a control character");
    Checks.range("data length", data.length(), 0, MAX_DATA_BYTES);
    Checks.range("grace milliseconds", grace.toMillis(), 0, MAX_GRACE.toMillis());
  }

  /// A topic at which somebody may be present.
  ///
  /// @throws WeirException with INVALID_TOPIC
  public static void checkTopic(String topic) {
    Topic.check(topic);
    if (topic.startsWith("$")) {
      throw new WeirException(
          ErrorCode.INVALID_TOPIC, "'" + topic + "' is a topic of the core's own.");
    }
  }
}
