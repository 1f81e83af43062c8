package dev.weir.remote;

import dev.weir.base.Bytes;

/// Takes the one end of a message: an answer or a failure. Runs on the remote's executor.
public interface RemoteReply {
  void onReply(Bytes body);

  /// There is no answer: the peer's handler failed, or the remote was closed before it came. In the
  /// second case the peer may have the message.
  void onFailure(String why);
}
