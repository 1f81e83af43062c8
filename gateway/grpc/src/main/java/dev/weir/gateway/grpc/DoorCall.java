package dev.weir.gateway.grpc;

/// A call that stays open until it is asked to end.
interface DoorCall {
  /// The core closes: takes nothing more, and ends once what is under way is answered. Any thread;
  /// idempotent.
  void drain();
}
