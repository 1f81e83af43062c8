package dev.weir.auth;

import java.util.List;

/// A session at one moment.
///
/// @param roles that its user has, and that its proof grants
/// @param door by which protocol
/// @param use what its user has and may
public record SessionTrace(Identity identity, List<String> roles, String door, QuotaUse use) {
  public SessionTrace {
    roles = List.copyOf(roles);
  }
}
