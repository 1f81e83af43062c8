package dev.weir.client;

/// Deals with messages of a queue. Called on a virtual thread; it may block.
@FunctionalInterface
public interface QueueHandler {
  /// Deals with one.
  ///
  /// @throws Exception when it failed: unless it is settled by hand, the message is nacked and
  ///   handed out again
  void handle(HeldMessage held) throws Exception;
}
