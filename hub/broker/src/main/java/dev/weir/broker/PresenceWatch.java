package dev.weir.broker;

/// An open watch.
public interface PresenceWatch extends AutoCloseable {
  /// Ends it; a call that is running ends first or after. Idempotent.
  @Override
  void close();
}
