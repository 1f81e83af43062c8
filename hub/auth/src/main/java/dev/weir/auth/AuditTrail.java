package dev.weir.auth;

/// Takes decisions down. Any thread; must not block.
@FunctionalInterface
public interface AuditTrail {
  /// Nothing is taken down.
  AuditTrail NONE = _ -> {};

  void record(AuditEvent event);
}
