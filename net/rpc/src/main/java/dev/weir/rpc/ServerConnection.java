package dev.weir.rpc;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireIdentity;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection of a server. Runs on its event loop, but for [#call], which is called there too.
final class ServerConnection implements ConnectionHandler {
  static final WireStatus DRAINING =
      WireStatus.unprocessed(StatusCode.UNAVAILABLE, "The server is about to stop.");

  private final RpcServer server;
  private @Nullable WireConnection connection;
  private Attributes attributes = Attributes.EMPTY;
  private @Nullable WireIdentity known;

  ServerConnection(RpcServer server) {
    this.server = server;
  }

  @Override
  public void onConnected(WireConnection connected) {
    connection = connected;
    attributes =
        Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, connected.remoteAddress())
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, connected.localAddress())
            .build();
    server.opened(connected);
  }

  /// The connection's attributes with who the client is, which may change while it is open.
  private Attributes attributes(WireConnection of) {
    WireIdentity identity = of.identity();
    if (!identity.equals(known)) {
      known = identity;
      attributes = attributes.toBuilder().set(RpcServer.CLIENT, identity).build();
    }
    return attributes;
  }

  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    if (isDraining()) {
      stream.abort(DRAINING);
      return Optional.of(Refused.HANDLER);
    }
    Metadata headers = MetadataCodec.fromWire(request.metadata());
    ServerMethodDefinition<?, ?> method =
        server.methods().find(request.method(), authority(request));
    boolean isShared = request.codec().equals(Session.MANY_CALLS);
    if (method == null
        || (isShared && method.getMethodDescriptor().getType() != MethodType.UNARY)) {
      WireStatus unknown =
          WireStatus.of(StatusCode.UNIMPLEMENTED, "Method not found: " + request.method());
      server.refused(request.method(), headers, StatusCodec.fromWire(unknown));
      stream.abort(unknown);
      return Optional.of(Refused.HANDLER);
    }
    if (isShared) {
      return Optional.of(new SharedCalls(this, method, stream));
    }
    StreamAnswer answer = new StreamAnswer(stream, server);
    server.began();
    answer.serve(call(method, headers, authority(request), request.deadlineMicros(), answer));
    return Optional.of(answer);
  }

  static @Nullable String authority(OpenRequest request) {
    return request
        .metadata()
        .first(MetadataCodec.AUTHORITY)
        .map(value -> value.utf8())
        .orElse(null);
  }

  WireServerCall<?, ?> call(
      ServerMethodDefinition<?, ?> method,
      Metadata headers,
      @Nullable String authority,
      long deadlineMicros,
      Answer answer) {
    WireConnection on = Objects.requireNonNull(connection, "a call came before its connection");
    return server.call(
        method,
        new CallFacts(headers, authority, deadlineMicros, attributes(on), on.loop()),
        answer);
  }

  RpcServer server() {
    return server;
  }

  boolean isDraining() {
    return server.isShutdown();
  }

  @Override
  public void onClosed(WireConnection closed, WireStatus status) {
    server.closed(closed);
  }

  /// Owns what was refused.
  private enum Refused implements StreamHandler {
    HANDLER;

    @Override
    public void onMessage(WireStream stream, dev.weir.wire.MessageView message) {
      // It was aborted: nothing comes.
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, dev.weir.wire.Metadata trailers) {
      // Nobody needs to know.
    }
  }
}
