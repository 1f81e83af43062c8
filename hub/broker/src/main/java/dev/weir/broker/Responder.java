package dev.weir.broker;

import dev.weir.base.WeirException;

/// Answers requests. Called on the threads of those who ask, by several at a time; both methods
/// must be quick and must not block.
public interface Responder {
  /// Where its client is, `HOST:PORT`, for who asks why; empty when that is not known.
  default String origin() {
    return "";
  }

  /// Has a request in hand from here on, until it replies or the request's time is over.
  void deliver(IncomingRequest request);

  /// Its permission ended, or the broker closes: it is handed nothing more.
  void ended(WeirException cause);
}
