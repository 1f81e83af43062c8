package dev.weir.client;

/// Hears of changes of state, in order for each part. Called on the client's own threads: it must
/// return soon.
@FunctionalInterface
public interface StateListener {
  /// Hears nothing.
  StateListener NONE = (_, _) -> {};

  /// @param part `publisher`, or the filters of a subscription
  void onState(String part, ClientState state);
}
