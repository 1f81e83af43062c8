package dev.weir.wire;

/// Receives the one end of a call: a reply or a failure. Runs on the connection's event loop and
/// must not block. One handler may serve any number of calls, told apart by their mids.
public interface ReplyHandler {
  /// The call got its number, just before it is sent; with it the call can be cancelled.
  default void onSent(int mid) {}

  /// The answer came. The view is valid during the call.
  void onReply(MessageView reply);

  /// There is no answer: the peer's failure, a deadline, a cancellation, or the connection's end.
  ///
  /// @param mid 0 when the call was never sent
  void onFailure(int mid, WireStatus status);
}
