package dev.weir.gateway.web.json;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.SlowPolicy;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a subscription does when its reader is slow, in the words of the web's doors.
public final class SlowWords {
  private SlowWords() {}

  /// @param action `spill`, `block`, `conflate`, `drop-oldest` or `disconnect`; empty for spill
  /// @param maxBehind messages; empty for the default
  /// @param maxHold how long publishers may be held; empty for the default
  /// @throws WeirException with MALFORMED for another action
  /// @throws IllegalArgumentException for values out of range
  public static SlowPolicy policy(
      Optional<String> action, Optional<Long> maxBehind, Optional<Duration> maxHold) {
    SlowPolicy policy = SlowPolicy.of(action(action.orElse("spill")));
    if (maxBehind.isPresent()) {
      policy = policy.withMaxBehind(maxBehind.get());
    }
    return maxHold.isPresent() ? policy.withMaxHold(maxHold.get()) : policy;
  }

  private static SlowPolicy.Action action(String text) {
    for (SlowPolicy.Action action : SlowPolicy.Action.values()) {
      if (action.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return action;
      }
    }
    throw new WeirException(
        ErrorCode.MALFORMED,
        "'slow' is '"
            + Texts.shown(text)
            + "', expected spill, block, conflate, drop-oldest or disconnect.");
  }
}
