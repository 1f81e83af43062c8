package dev.weir.auth;

import dev.weir.base.WeirException;

/// Something that a session keeps open, such as a subscription: it lives as long as it is allowed.
/// Called by any thread; must not block. Both may come more than once.
public interface Standing {
  /// Permissions may have changed: it should look again, and end itself where they do not hold.
  void recheck();

  /// The session is over.
  void end(WeirException cause);
}
