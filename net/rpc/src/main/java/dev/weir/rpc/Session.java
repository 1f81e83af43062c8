package dev.weir.rpc;

import dev.weir.wire.Agreement;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.Priority;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.Attributes;
import io.grpc.Grpc;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One connection of a channel, with the long-lived streams that unary calls share, one a method.
/// It is used once: what replaces it is another one.
///
/// Callbacks come on the connection's event loop; [#shared] may be called by any thread.
final class Session implements ConnectionHandler {
  /// What a stream is used for, as its codec says: one RPC, or many unary calls.
  static final String ONE_CALL = "grpc";

  static final String MANY_CALLS = "grpc-calls";

  /// Hears of the connection.
  interface Owner {
    void onReady(Session session);

    void onLost(Session session, WireStatus status);
  }

  private final Owner owner;
  private final Metadata common;
  private final ConcurrentHashMap<String, WireStream> streams = new ConcurrentHashMap<>();
  private volatile @Nullable WireConnection connection;
  private volatile Attributes attributes = Attributes.EMPTY;

  /// @param common said once on each shared stream, for all its calls
  Session(Owner owner, Metadata common) {
    this.owner = owner;
    this.common = common;
  }

  @Override
  public void onConnected(WireConnection connected) {
    connection = connected;
  }

  @Override
  public void onAgreed(WireConnection connected, Agreement agreement) {
    attributes =
        Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, connected.remoteAddress())
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, connected.localAddress())
            .build();
    owner.onReady(this);
  }

  @Override
  public void onClosed(WireConnection connected, WireStatus status) {
    owner.onLost(this, status);
  }

  WireConnection connection() {
    return Objects.requireNonNull(connection, "a session is used before it is connected");
  }

  Attributes attributes() {
    return attributes;
  }

  boolean isOpen() {
    WireConnection known = connection;
    return known != null && known.isOpen();
  }

  void close() {
    WireConnection known = connection;
    if (known != null) {
      known.close();
    }
  }

  /// The stream that the unary calls of a method share.
  WireStream shared(String method) {
    WireStream known = streams.get(method);
    if (known != null) {
      return known;
    }
    OpenRequest request = new OpenRequest(method, MANY_CALLS, common, -1, Priority.NORMAL);
    SharedOwner owning = new SharedOwner(method);
    WireStream fresh = connection().open(request, owning);
    WireStream earlier = streams.putIfAbsent(method, fresh);
    if (owning.isOver) {
      streams.remove(method, fresh); // It ended before it was put there.
    }
    if (earlier != null) {
      fresh.end();
      return earlier;
    }
    return fresh;
  }

  private final class SharedOwner implements StreamHandler {
    private final String method;
    private volatile boolean isOver;

    SharedOwner(String method) {
      this.method = method;
    }

    @Override
    public void onMessage(WireStream stream, MessageView message) {
      // Servers only answer.
    }

    @Override
    public void onEnd(WireStream stream) {
      isOver = true;
      streams.remove(method, stream);
      stream.end();
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      isOver = true;
      streams.remove(method, stream);
    }
  }
}
