package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.GrpcTransport;
import dev.weir.link.LinkTls;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One gRPC channel per target, for reading, whatever carries what is published: a core has one
/// port; a channel connects when it is first used. Any thread.
final class Channels {
  private final List<URI> targets;
  private final List<ManagedChannel> channels;

  /// @param transport whose event loop they run on; closed by the caller after this
  Channels(List<URI> targets, LinkTls tls, GrpcTransport transport) {
    this.targets = targets;
    this.channels = targets.stream().map(target -> transport.channel(target, tls).build()).toList();
  }

  /// Waits until one target is connected.
  ///
  /// @return its index
  /// @throws WeirException with UNREACHABLE when none is within the time
  int awaitOne(Duration timeout) {
    CountDownLatch ready = new CountDownLatch(1);
    channels.forEach(channel -> watch(channel, ready));
    boolean isReady;
    try {
      isReady = ready.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      isReady = false;
    }
    for (int i = 0; i < channels.size() && isReady; i++) {
      if (channels.get(i).getState(false) == ConnectivityState.READY) {
        return i;
      }
    }
    throw new WeirException(
        ErrorCode.UNREACHABLE,
        "No answer from " + targets + " within " + timeout.toMillis() + " ms.");
  }

  private static void watch(ManagedChannel channel, CountDownLatch ready) {
    ConnectivityState state = channel.getState(true);
    if (state == ConnectivityState.READY) {
      ready.countDown();
    } else if (state != ConnectivityState.SHUTDOWN && ready.getCount() > 0) {
      channel.notifyWhenStateChanged(state, () -> watch(channel, ready));
    }
  }

  int count() {
    return channels.size();
  }

  /// A target's channel; a waiting connection attempt of it begins at once.
  ManagedChannel at(int index) {
    ManagedChannel channel = channels.get(index);
    channel.resetConnectBackoff();
    return channel;
  }

  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
