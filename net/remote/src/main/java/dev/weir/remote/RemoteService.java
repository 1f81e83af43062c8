package dev.weir.remote;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers the remotes of any number of peers, over wire and gRPC at once: a session may change
/// between them. It remembers a session's unconfirmed answers, so that what is sent again is
/// answered and not handled again. Any thread may call any method.
public final class RemoteService {
  private final String name;
  private final RemoteHandler handler;
  private final int maxSessions;

  /// By the time of the last attachment. Guarded by itself.
  private final Map<Long, PeerSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

  /// @param maxSessions that are remembered, 1 to 1,000,000; of more, the one that has had no
  ///   connection for longest is forgotten, and if all have one the newcomer is refused
  public RemoteService(RemoteHandler handler, int maxSessions) {
    this(WirePeer.METHOD, handler, maxSessions);
  }

  /// As above, where one end of wire has several services of remotes.
  ///
  /// @param name of this one over wire, see [WirePeer#service]
  public RemoteService(String name, RemoteHandler handler, int maxSessions) {
    Checks.range("maxSessions", maxSessions, 1, 1_000_000);
    this.name = name;
    this.handler = handler;
    this.maxSessions = maxSessions;
  }

  /// Sessions that are remembered.
  public int sessionCount() {
    synchronized (sessions) {
      return sessions.size();
    }
  }

  /// Null when the session is not named properly or there is no room for it.
  private @Nullable PeerSession session(byte @Nullable [] named) {
    if (named == null || named.length < Envelope.SESSION_BYTES) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(named);
    long id = in.getLong();
    int buffer = in.getInt();
    if (buffer < 1 || buffer > RemoteOptions.MAX_BUFFER) {
      return null;
    }
    synchronized (sessions) {
      PeerSession known = sessions.get(id);
      if (known == null && hasRoom()) {
        known = new PeerSession(handler, buffer);
        sessions.put(id, known);
      }
      return known;
    }
  }

  private boolean hasRoom() {
    Iterator<PeerSession> eldest = sessions.values().iterator();
    while (sessions.size() >= maxSessions && eldest.hasNext()) {
      if (!eldest.next().isAttached()) {
        eldest.remove();
      }
    }
    return sessions.size() < maxSessions;
  }

  /// Takes a stream of wire that is a remote's; empty for any other, see
  /// [dev.weir.wire.ConnectionHandler#onOpen].
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    if (!request.method().equals(name) || !request.codec().equals(WireBatches.CODEC)) {
      return Optional.empty();
    }
    PeerSession session =
        session(request.metadata().first(Envelope.SESSION).map(Bytes::toArray).orElse(null));
    return session == null ? Optional.empty() : Optional.of(new WirePath(stream, session));
  }

  /// The gRPC service.
  public BindableService grpc() {
    return () ->
        ServerServiceDefinition.builder(GrpcPeer.SERVICE)
            .addMethod(GrpcPeer.STREAM, (call, headers) -> open(call, headers, false))
            .addMethod(GrpcPeer.BATCH, (call, headers) -> open(call, headers, true))
            .build();
  }

  private ServerCall.Listener<byte[]> open(
      ServerCall<byte[], byte[]> call, Metadata headers, boolean isBatched) {
    PeerSession session = session(headers.get(GrpcPeer.SESSION));
    if (session == null) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription("No session, or no room for it."),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return new GrpcPath(call, session, isBatched);
  }

  /// On the connection's loop. A batch is answered by a batch; what the stream does not take waits,
  /// at most as many answers as the remote may have unanswered.
  private static final class WirePath implements StreamHandler, PeerSession.AnswerPath {
    private final WireStream stream;
    private final PeerSession session;
    private final WireBatches batches;
    private final long attachment;

    WirePath(WireStream stream, PeerSession session) {
      this.stream = stream;
      this.batches = new WireBatches(stream.connection().allocator());
      this.session = session;
      this.attachment = session.attach(this);
    }

    @Override
    public void onMessage(WireStream from, MessageView message) {
      try {
        WireBatches.split(message, body -> session.onMessage(attachment, body, 0, body.length));
      } catch (WeirException e) {
        refuse(String.valueOf(e.getMessage()));
      } finally {
        batches.flush(stream);
      }
    }

    @Override
    public void send(byte[] answer) {
      batches.next(stream, answer.length).writeBytes(answer);
    }

    @Override
    public void onReady(WireStream ready) {
      batches.onReady(ready);
    }

    @Override
    public void refuse(String why) {
      stream.abort(WireStatus.of(StatusCode.INVALID_ARGUMENT, why));
    }

    @Override
    public void onClosed(WireStream from, WireStatus status, dev.weir.wire.Metadata trailers) {
      session.detach(attachment);
      batches.close();
    }
  }

  private static final class GrpcPath extends ServerCall.Listener<byte[]>
      implements PeerSession.AnswerPath {
    private final ServerCall<byte[], byte[]> call;
    private final PeerSession session;
    private final boolean isBatched;
    private final BatchCodec batches;
    private final long attachment;

    GrpcPath(ServerCall<byte[], byte[]> call, PeerSession session, boolean isBatched) {
      this.call = call;
      this.session = session;
      this.isBatched = isBatched;
      this.batches = new BatchCodec(call::sendMessage);
      this.attachment = session.attach(this);
      call.sendHeaders(new Metadata());
      call.request(Integer.MAX_VALUE);
    }

    @Override
    public void onMessage(byte[] message) {
      if (isBatched) {
        BatchCodec.split(
            message,
            (batch, offset, length) -> session.onMessage(attachment, batch, offset, length));
        if (!call.isCancelled()) {
          batches.flush();
        }
      } else {
        session.onMessage(attachment, message, 0, message.length);
      }
    }

    @Override
    public void send(byte[] answer) {
      if (isBatched) {
        batches.add(answer, 0, answer.length);
      } else {
        call.sendMessage(answer);
      }
    }

    @Override
    public void refuse(String why) {
      call.close(Status.INVALID_ARGUMENT.withDescription(why), new Metadata());
    }

    @Override
    public void onHalfClose() {
      session.detach(attachment);
      call.close(Status.OK, new Metadata());
    }

    @Override
    public void onCancel() {
      session.detach(attachment);
    }
  }
}
