package dev.weir.auth;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What somebody may do with a topic or a queue.
public enum Action {
  /// Publish to a topic, or into a queue.
  PUBLISH,
  /// Receive what is published from now on, and see the topic in listings.
  SUBSCRIBE,
  /// Take messages from a queue, or look at them.
  CONSUME,
  /// Read what was published before, which resuming by a cursor is.
  HISTORY,
  /// See who is there.
  PRESENCE,
  /// Create, change, empty and delete; see figures.
  MANAGE;

  /// As it is written: `publish`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Action> of(String label) {
    return Arrays.stream(values()).filter(action -> action.label().equals(label)).findFirst();
  }

  /// All, as they are written.
  public static List<String> labels() {
    return Arrays.stream(values()).map(Action::label).toList();
  }
}
