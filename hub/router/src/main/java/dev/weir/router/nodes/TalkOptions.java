package dev.weir.router.nodes;

import dev.weir.base.Checks;
import dev.weir.flow.Backoff;
import java.time.Duration;

/// How a router talks to its storage nodes.
///
/// @param router what it calls itself, 1 to 255 bytes of UTF-8
/// @param start drawn once for the process
/// @param period between two announcements, 50 ms to 60 s
/// @param backoff between attempts to reach a node
public record TalkOptions(String router, long start, Duration period, Backoff backoff) {
  public TalkOptions {
    NodeCodec.checkName("router", router);
    Checks.range(
        "period in ms",
        period.toMillis(),
        Announcement.MIN_PERIOD_MILLIS,
        Announcement.MAX_PERIOD_MILLIS);
  }

  int periodMillis() {
    return (int) period.toMillis();
  }
}
