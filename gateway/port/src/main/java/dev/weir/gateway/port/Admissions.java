package dev.weir.gateway.port;

import dev.weir.base.Clock;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts connections and holds those that gRPC does not know of, so that a drain can close them.
/// Any event loop.
final class Admissions {
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Protocol, LongAdder> accepted = new ConcurrentHashMap<>();
  private final Map<Refusal, LongAdder> refused = new ConcurrentHashMap<>();
  private final ChannelGroup ours = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private final AddressLimits addresses;
  private final Connections connections;

  Admissions(PortLimits limits, Clock clock, Connections connections) {
    this.connections = connections;
    this.limit = limits.connections();
    this.addresses = new AddressLimits(limits, clock);
  }

  /// Counts a connection of an address, until [#leave].
  ///
  /// @return why it may not come; null when it may
  @Nullable Refusal enter(InetAddress address) {
    return addresses.enter(address);
  }

  void leave(InetAddress address) {
    addresses.leave(address);
  }

  /// Takes in a new connection until it is given to gRPC or closed.
  ///
  /// @return false when there are too many; the caller closes it
  boolean admit(Channel channel) {
    boolean hasRoom = open.incrementAndGet() <= limit;
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    ours.add(channel);
    return hasRoom;
  }

  void accept(Channel channel, Peer peer, Protocol protocol) {
    count(accepted, protocol);
    connections.opened(channel, peer, protocol);
    if (protocol == Protocol.GRPC) {
      ours.remove(channel);
    }
  }

  void refuse(Refusal reason) {
    count(refused, reason);
  }

  /// Closes every connection that gRPC does not drain itself, later ones included.
  void close() {
    ChannelGroupFuture _ = ours.close();
  }

  PortStats stats() {
    Map<Protocol, Long> acceptedNow = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      acceptedNow.put(protocol, sum(accepted, protocol));
    }
    Map<Refusal, Long> refusedNow = new EnumMap<>(Refusal.class);
    for (Refusal reason : Refusal.values()) {
      refusedNow.put(reason, sum(refused, reason));
    }
    return new PortStats(open.get(), acceptedNow, refusedNow);
  }

  private static <K> void count(Map<K, LongAdder> counters, K key) {
    counters.computeIfAbsent(key, _ -> new LongAdder()).increment();
  }

  private static <K> long sum(Map<K, LongAdder> counters, K key) {
    LongAdder counter = counters.get(key);
    return counter == null ? 0 : counter.sum();
  }
}
