package dev.weir.remote;

import dev.weir.base.Bytes;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A peer that serves wire: one connection with one stream. A connection that its server drains is
/// given up at once, so that no drain waits for a remote; the next one sends what is unanswered.
///
/// @param connector makes connections; its loops stay the caller's
/// @param address where the peer listens
/// @param service what its [RemoteService] is called there
public record WirePeer(WireConnector connector, SocketAddress address, String service)
    implements Peer {
  static final String METHOD = "remote";
  private static final long CONNECT_SECONDS = 5;

  /// A peer whose service has the standard name.
  public WirePeer(WireConnector connector, SocketAddress address) {
    this(connector, address, METHOD);
  }

  @Override
  public PeerLink connect(byte[] session, PeerLink.Listener listener)
      throws IOException, InterruptedException {
    CompletableFuture<WireConnection> made =
        connector.connect(address, new Leaving(listener)).toCompletableFuture();
    boolean isMade = false;
    try {
      WireConnection connection = made.get(CONNECT_SECONDS, TimeUnit.SECONDS);
      isMade = true;
      return new Link(connection, service, session, listener);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(String.valueOf(cause == null ? e : cause.getMessage()), e);
    } catch (TimeoutException e) {
      throw new IOException(
          "No connection to " + address + " within " + CONNECT_SECONDS + " s.", e);
    } finally {
      if (!isMade) {
        var _ = made.thenAccept(WireConnection::close); // Should it come late.
      }
    }
  }

  /// Hears that the server drains the connection.
  private record Leaving(PeerLink.Listener listener) implements ConnectionHandler {
    @Override
    public void onDraining(WireConnection connection, Duration grace) {
      listener.onDraining();
      connection.close();
    }
  }

  /// Messages are handed to the connection's loop a turn at once, which sends them as a batch; what
  /// it does not take waits there, at most the remote's buffer of them.
  private static final class Link implements PeerLink, StreamHandler {
    private final WireConnection connection;
    private final Listener listener;
    private final WireBatches batches;
    private final WireStream stream;
    private volatile boolean isLost;

    Link(WireConnection connection, String service, byte[] session, Listener listener) {
      this.connection = connection;
      this.listener = listener;
      this.batches = new WireBatches(connection.allocator());
      Metadata metadata =
          new Metadata(List.of(new Metadata.Entry(Envelope.SESSION, Bytes.wrap(session))));
      OpenRequest request = OpenRequest.of(service).withCodec(WireBatches.CODEC).with(metadata);
      this.stream = connection.open(request, this);
    }

    @Override
    public boolean isOpen() {
      return !isLost;
    }

    @Override
    public void send(List<PendingMessage> messages, long confirmed) {
      List<PendingMessage> turn = new ArrayList<>(messages);
      connection.loop().execute(() -> write(turn, confirmed));
    }

    private void write(List<PendingMessage> turn, long confirmed) {
      for (PendingMessage message : turn) {
        int bytes = message.body().length();
        batches
            .next(stream, Envelope.MESSAGE_HEAD + bytes)
            .writeLong(message.number())
            .writeLong(confirmed)
            .writeBytes(message.body().array(), message.body().arrayOffset(), bytes);
      }
      batches.flush(stream);
    }

    @Override
    public void onReady(WireStream ready) {
      batches.onReady(ready);
    }

    @Override
    public void onMessage(WireStream from, MessageView message) {
      WireBatches.split(message, this::onAnswer);
    }

    private void onAnswer(byte[] bytes) {
      ByteBuffer head = Envelope.head(bytes, 0, bytes.length, Envelope.ANSWER_HEAD);
      listener.onAnswer(
          head.getLong(),
          head.get(),
          bytes,
          Envelope.ANSWER_HEAD,
          bytes.length - Envelope.ANSWER_HEAD);
    }

    @Override
    public void onClosed(WireStream from, WireStatus status, Metadata trailers) {
      isLost = true;
      batches.close();
      connection.close();
      listener.onLost(status.code() + ": " + status.detail());
    }

    @Override
    public void close() {
      stream.abort(WireStatus.of(StatusCode.CANCELLED, "The remote gives the connection up."));
      connection.close();
    }
  }
}
