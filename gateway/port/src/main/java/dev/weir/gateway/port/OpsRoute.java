package dev.weir.gateway.port;

/// What answers one path. Called on a virtual thread, at most once at a time per connection; it may
/// block. What it throws becomes a 500.
@FunctionalInterface
public interface OpsRoute {
  OpsAnswer answer(OpsRequest request);
}
