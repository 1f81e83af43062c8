package dev.weir.client;

import java.util.List;

/// Follows who is present. Called on the client's event loop, in order; it must not block.
public interface PresenceListener {
  /// Who is there: at the beginning, and again after a lost connection during which something
  /// changed. What was known before is void.
  void members(List<Member> members, long sequence);

  void changed(MemberChange change);
}
