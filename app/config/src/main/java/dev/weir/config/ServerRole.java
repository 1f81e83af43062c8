package dev.weir.config;

/// What `weir serve` serves.
public enum ServerRole {
  /// Messages and key/value buckets.
  ALL,
  /// Key/value buckets alone, as a node behind routers.
  STORAGE,
  /// What clients ask, passed on to storage nodes.
  ROUTER
}
