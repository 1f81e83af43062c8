package dev.weir.gateway.web.http;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;

/// Who is let in, and to what.
@FunctionalInterface
public interface Entrance {
  /// Lets a request in. May block, unless nothing is shown.
  ///
  /// @return who asks; to be closed when the request, or what it became, is over
  /// @throws WeirException why it is not let in
  Caller enter(Shown shown);

  /// Lets everybody in.
  static Entrance open(Broker broker) {
    return _ -> Caller.anyone(broker);
  }
}
