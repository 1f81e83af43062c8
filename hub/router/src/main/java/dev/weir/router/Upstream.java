package dev.weir.router;

import dev.weir.wire.Agreement;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One loop's connection to one storage node, made again with back-off when it is lost. Streams are
/// opened on it only after the node has said hello. When the node is draining another connection is
/// tried at once; until that is there, the old one serves what the node still takes.
///
/// Owned by the event loop.
final class Upstream implements ConnectionHandler {
  /// A connection that lived shorter did not work; the next wait is longer then.
  private static final long HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(20);

  /// What goes over this connection and is to hear of a new map.
  interface Rider {
    void onMap(SlotMap map);

    /// The node has been reached anew: what is on the old connection is to leave it.
    void onNewConnection();
  }

  private final StorageNode node;
  private final WireConnector connector;
  private final EventLoop loop;
  private final RouterLimits limits;
  private final RouterCounters counters;
  private final NodeStandings standings;
  private final Set<Rider> riders = new LinkedHashSet<>();
  private final CompletableFuture<Void> tried = new CompletableFuture<>();
  private volatile @Nullable WireConnection connection;

  /// Connected, without the node's hello yet.
  private @Nullable WireConnection greeted;

  /// A connection is being made, or waits for its next attempt.
  private boolean isDialing;

  private long agreedNanos;
  private int attempt;
  private boolean isRetired;

  Upstream(
      StorageNode node,
      WireConnector connector,
      EventLoop loop,
      RouterLimits limits,
      RouterCounters counters,
      NodeStandings standings) {
    this.node = node;
    this.connector = connector;
    this.loop = loop;
    this.limits = limits;
    this.counters = counters;
    this.standings = standings;
  }

  StorageNode node() {
    return node;
  }

  /// Whether the node has said hello and is there. Any thread.
  boolean isConnected() {
    WireConnection known = connection;
    return known != null && known.isOpen();
  }

  /// Completes after the first attempt to connect.
  CompletableFuture<Void> tried() {
    return tried;
  }

  boolean isRetired() {
    return isRetired;
  }

  void connect() {
    if (isRetired) {
      return;
    }
    isDialing = true;
    counters.onConnect();
    var _ =
        connector
            .connect(node.address(), this, loop)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                tried.complete(null);
                again();
              }
            });
  }

  private void again() {
    if (!isRetired && !loop.isShuttingDown()) {
      long delayNanos = limits.backoff().delayNanos(attempt++, ThreadLocalRandom.current());
      var _ = loop.schedule(this::connect, delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void onConnected(WireConnection made) {
    greeted = made;
  }

  @Override
  public void onAgreed(WireConnection agreed, Agreement agreement) {
    isDialing = false;
    greeted = null;
    if (isRetired) {
      agreed.close();
      return;
    }
    connection = agreed;
    agreedNanos = System.nanoTime();
    tried.complete(null);
    for (Rider rider : List.copyOf(riders)) {
      rider.onNewConnection();
    }
  }

  @Override
  public void onDraining(WireConnection leaving, Duration grace) {
    if (leaving == connection && !isDialing) {
      connect();
    }
  }

  @Override
  public void onClosed(WireConnection closed, WireStatus status) {
    tried.complete(null);
    if (closed == greeted) {
      greeted = null;
      again();
    } else if (closed == connection) {
      if (System.nanoTime() - agreedNanos > HEALTHY_NANOS) {
        attempt = 0;
      }
      connection = null;
      if (!isDialing) {
        isDialing = true;
        again();
      }
    }
  }

  /// Whether a stream is on a connection that a newer one has replaced.
  boolean isSuperseded(WireStream stream) {
    WireConnection known = connection;
    return known != null && known != stream.connection();
  }

  /// What the node says against new calls to itself; null for nothing.
  NodeStandings.@Nullable Standing standing() {
    return connection == null ? null : standings.of(node, agreedNanos);
  }

  /// Opens a stream to the node; null while there is no connection.
  @Nullable WireStream open(OpenRequest request, StreamHandler owner, Rider rider) {
    WireConnection open = connection;
    if (open == null || !open.isOpen() || !open.takesStreams() || isRetired) {
      return null;
    }
    riders.add(rider);
    return open.open(request, owner);
  }

  /// A rider's stream is over.
  void left(Rider rider) {
    riders.remove(rider);
    closeIfIdle();
  }

  /// A new map is in force.
  void onMap(SlotMap map) {
    isRetired = !map.nodes().contains(node);
    for (Rider rider : List.copyOf(riders)) {
      rider.onMap(map);
    }
    closeIfIdle();
  }

  /// Leaves the node at once.
  void close() {
    isRetired = true;
    if (connection != null) {
      connection.close();
    }
  }

  private void closeIfIdle() {
    if (isRetired && riders.isEmpty() && connection != null) {
      connection.close();
    }
  }
}
