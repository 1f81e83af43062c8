package dev.weir.broker.queue;

/// What a queue's owner keeps of what happens; called within the machine's methods.
public interface QueueListener {
  /// A message left the queue.
  ///
  /// @param level where it was kept, see [QueueMachine#level]
  /// @param deliveries how often it was delivered, the one that ended now included
  void removed(long position, int level, RemovalReason reason, int deliveries);

  /// A delivery ended without an ack, and the message stays.
  ///
  /// @param deliveries how often it was delivered so far
  /// @param dueMicros when it may be handed out again, microseconds since 1970
  void returned(long position, int deliveries, long dueMicros);

  /// Whether what the maximum length pushes out has somewhere to go. Where it has not the queue
  /// keeps it, and is longer for that time.
  default boolean mayDrop() {
    return true;
  }
}
