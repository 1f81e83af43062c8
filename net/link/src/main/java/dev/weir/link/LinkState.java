package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where a link stands, as its owner sees it.
public sealed interface LinkState {
  /// A connection is being set up.
  record Connecting(URI target) implements LinkState {}

  /// The core welcomed the session; frames flow.
  ///
  /// @param node the core's name, perhaps empty
  record Ready(URI target, String node) implements LinkState {}

  /// The connection is gone or never came up.
  ///
  /// @param reason for people
  /// @param refusal why the core does not let this end in; null when it said nothing like that
  /// @param delay until the next attempt
  record BackingOff(String reason, @Nullable WeirException refusal, Duration delay)
      implements LinkState {}

  /// The core ended the session in order: it shuts down, or sends us elsewhere.
  ///
  /// @param reason for people
  /// @param delay until the next attempt
  record SentAway(String reason, Duration delay) implements LinkState {}

  /// The link ends in order: what is known is still sent and acked.
  record Draining() implements LinkState {}

  /// The link will not try again by itself.
  record Halted(ErrorCode code, String detail) implements LinkState {}

  /// The link was closed by its owner.
  record Closed() implements LinkState {}
}
