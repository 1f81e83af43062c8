package dev.weir.auth;

import dev.weir.base.ErrorCode;
import java.util.Map;

/// What came of logins and requests since the start.
///
/// @param sessions that are open
/// @param logins that were let in
/// @param refusedLogins by why
/// @param cutSessions ended because a credential expired or was taken back
public record AuthStats(
    int sessions, long logins, Map<ErrorCode, Long> refusedLogins, long cutSessions) {
  /// Of a process that asks nobody who he is.
  public static final AuthStats NONE = new AuthStats(0, 0, Map.of(), 0);

  public AuthStats {
    refusedLogins = Map.copyOf(refusedLogins);
  }
}
