package dev.weir.gateway.web.live;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The streams and sockets that are open, to be told when the core goes away. Any thread.
final class LiveConnections {
  /// One of them.
  interface Live {
    /// Says goodbye and closes. Any thread.
    void shutDown();
  }

  private final Set<Live> open = ConcurrentHashMap.newKeySet();

  void add(Live live) {
    open.add(live);
  }

  void remove(Live live) {
    open.remove(live);
  }

  void shutDown() {
    open.forEach(Live::shutDown);
  }
}
