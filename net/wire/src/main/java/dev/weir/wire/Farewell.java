package dev.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Closes a channel so that the peer can read why: a socket that is closed with unread bytes sends
/// a reset, which destroys what was said last. So only this end's direction is closed, what still
/// comes is dropped unread, and the peer closes; or the time is up.
final class Farewell {
  /// Several round trips of the longest path.
  private static final long LINGER_MILLIS = 1_000;

  private Farewell() {}

  static void close(Channel channel) {
    if (!(channel instanceof DuplexChannel duplex) || !channel.isActive()) {
      var _ = channel.close();
      return;
    }
    var _ = duplex.shutdownOutput();
    Future<?> timer =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  var _ = channel.close();
                },
                LINGER_MILLIS,
                TimeUnit.MILLISECONDS);
    var _ = channel.closeFuture().addListener(_ -> timer.cancel(false));
  }
}
