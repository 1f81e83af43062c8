package dev.weir.broker;

import dev.weir.base.WeirException;

/// Follows who is present. Called on one thread that serves all watchers: each method must be quick
/// and must not block.
public interface PresenceWatcher {
  /// Where its client is, `HOST:PORT`, for who asks why; empty when that is not known.
  default String origin() {
    return "";
  }

  /// The first call: who is there.
  void began(PresenceView view);

  void changed(PresenceChange change);

  /// The last call: it is not permitted any more, or the broker closes.
  void ended(WeirException cause);
}
