package dev.weir.remote;

/// How a remote waits for answers, and how it passes them on.
public enum RemoteMode {
  /// One message at a time: the next goes when the answer is there.
  SYNC,
  /// Messages go as they come; each answer is passed on when it comes.
  ASYNC,
  /// As ASYNC, but answers are passed on one after the other, in the order of their messages.
  IN_ORDER
}
