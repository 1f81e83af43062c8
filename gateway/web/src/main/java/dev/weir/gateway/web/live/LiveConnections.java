package dev.weir.gateway.web.live;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The streams and sockets that are open, to be told when the core goes away. Any thread.
final class LiveConnections {
  /// Long enough for what lies in the kernel's buffers to reach a reader that reads.
  private static final long FAREWELL_SECONDS = 2;

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

  /// Closes a connection whose caller was told that it ends, though he may not take the word. Any
  /// thread.
  static void cutSoon(Channel channel) {
    var _ =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  ChannelFuture _ = channel.close();
                },
                FAREWELL_SECONDS,
                TimeUnit.SECONDS);
  }

  void shutDown() {
    open.forEach(Live::shutDown);
  }
}
