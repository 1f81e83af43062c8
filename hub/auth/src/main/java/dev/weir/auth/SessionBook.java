package dev.weir.auth;

import java.util.List;

/// What is known of clients, for who asks why something is refused. Any thread.
public interface SessionBook {
  /// Of a process that knows no users.
  SessionBook NONE =
      new SessionBook() {
        @Override
        public List<SessionTrace> sessions(String address) {
          return List.of();
        }

        @Override
        public List<AuditEvent> refusals(String address) {
          return List.of();
        }
      };

  /// The open sessions of a client.
  ///
  /// @param address as in [Origin]
  List<SessionTrace> sessions(String address);

  /// What a client was refused, logins included, the oldest first: of all clients the newest 1,024
  /// refusals are remembered.
  ///
  /// @param address as in [Origin]
  List<AuditEvent> refusals(String address);
}
