package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.SlowPolicy;
import java.util.Locale;

/// What becomes of a slow reader, as --slow says it: `drop-oldest:500`.
final class SlowText {
  private SlowText() {}

  /// @throws WeirException with USAGE
  static SlowPolicy parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String behind = colon < 0 ? "" : text.substring(colon + 1);
    for (SlowPolicy.Action action : SlowPolicy.Action.values()) {
      boolean isNamed = action.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name);
      if (isNamed && (colon < 0 || behind.matches("[1-9]\\d{0,6}"))) {
        SlowPolicy policy = SlowPolicy.of(action);
        return colon < 0 ? policy : policy.withMaxBehind(Long.parseLong(behind));
      }
    }
    throw new WeirException(
        ErrorCode.USAGE,
        "--slow is '"
            + text
            + "', expected spill, conflate, drop-oldest, disconnect or block, and :N for N messages"
            + " behind.");
  }
}
