package dev.weir.wire;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The connections that a server has accepted. Any thread.
final class WireAccepted {
  private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();
  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
  private final Set<WireConnection> connections = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile @Nullable Duration grace;

  /// A connection came that may still be refused: it is closed with the others, and no drain waits
  /// for it.
  void arrived(Channel channel) {
    arriving.add(channel);
    var _ = channel.closeFuture().addListener(_ -> arriving.remove(channel));
  }

  void add(Channel channel) {
    channels.add(channel);
    arriving.remove(channel);
    var _ =
        channel
            .closeFuture()
            .addListener(_ -> {
              channels.remove(channel);
              checkDrained();
            });
  }

  /// A connection began; one that was still being accepted when the drain began joins it.
  void onStarted(WireConnection connection) {
    connections.add(connection);
    connection.onChannelClosed(() -> connections.remove(connection));
    Duration draining = grace;
    if (draining != null) {
      connection.drain(draining);
    }
  }

  int count() {
    return channels.size();
  }

  CompletionStage<Void> drain(Duration within) {
    grace = within;
    connections.forEach(connection -> connection.drain(within));
    checkDrained();
    return drained.minimalCompletionStage();
  }

  private void checkDrained() {
    if (grace != null && channels.isEmpty()) {
      drained.complete(null);
    }
  }

  void close() {
    for (Channel channel : arriving) {
      var _ = channel.close();
    }
    for (Channel channel : channels) {
      var _ = channel.close();
    }
  }
}
