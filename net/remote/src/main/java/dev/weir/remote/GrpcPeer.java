package dev.weir.remote;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A peer that serves gRPC: one stream of the channel. The channel's own reconnecting brings the
/// connection back, this the stream.
///
/// @param channel stays the caller's; with a direct executor answers come on its event loop
/// @param isBatched whether a gRPC message holds many messages: see [BatchCodec]
public record GrpcPeer(Channel channel, boolean isBatched) implements Peer {
  static final String SERVICE = "weir.Remote";
  static final MethodDescriptor<byte[], byte[]> STREAM = method("Stream");
  static final MethodDescriptor<byte[], byte[]> BATCH = method("Batch");
  static final Metadata.Key<byte[]> SESSION =
      Metadata.Key.of(Envelope.SESSION, Metadata.BINARY_BYTE_MARSHALLER);

  /// Beyond it the messenger waits: as large a queue as keeps the event loop busy.
  private static final int READY_BYTES = 1 << 20;

  private static final long LONGEST_WAIT_NANOS = 1_000_000_000L;

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(ByteMarshaller.BYTES, ByteMarshaller.BYTES)
        .setType(MethodType.BIDI_STREAMING)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  @Override
  public PeerLink connect(byte[] session, PeerLink.Listener listener) {
    return new Link(this, session, listener);
  }

  /// The call is used by the messenger alone but for its cancellation, which any thread may ask
  /// for.
  private static final class Link extends ClientCall.Listener<byte[]> implements PeerLink {
    private final ClientCall<byte[], byte[]> call;
    private final boolean isBatched;
    private final Listener listener;
    private final BatchCodec batches;
    private volatile boolean isLost;
    private volatile boolean isGivenUp;

    Link(GrpcPeer peer, byte[] session, Listener listener) {
      this.isBatched = peer.isBatched();
      this.listener = listener;
      CallOptions options = CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES);
      this.call = peer.channel().newCall(isBatched ? BATCH : STREAM, options);
      this.batches = new BatchCodec(call::sendMessage);
      Metadata headers = new Metadata();
      headers.put(SESSION, session);
      call.start(this, headers);
      call.request(Integer.MAX_VALUE);
    }

    @Override
    public boolean isOpen() {
      return !isLost;
    }

    @Override
    public void send(List<PendingMessage> messages, long confirmed) {
      while (!call.isReady() && !isLost) {
        LockSupport.parkNanos(this, LONGEST_WAIT_NANOS);
        if (Thread.currentThread().isInterrupted()) {
          return; // The remote is being closed.
        }
      }
      try {
        for (PendingMessage message : messages) {
          byte[] bytes = Envelope.message(message, confirmed);
          if (isBatched) {
            batches.add(bytes, 0, bytes.length);
          } else {
            call.sendMessage(bytes);
          }
        }
        batches.flush();
      } catch (IllegalStateException e) {
        if (!isGivenUp) {
          throw e; // Else the call was cancelled meanwhile: the next connection sends them.
        }
      }
    }

    @Override
    public void onMessage(byte[] message) {
      if (isBatched) {
        BatchCodec.split(message, this::onAnswer);
      } else {
        onAnswer(message, 0, message.length);
      }
    }

    private void onAnswer(byte[] bytes, int offset, int length) {
      ByteBuffer head = Envelope.head(bytes, offset, length, Envelope.ANSWER_HEAD);
      listener.onAnswer(
          head.getLong(),
          head.get(),
          bytes,
          offset + Envelope.ANSWER_HEAD,
          length - Envelope.ANSWER_HEAD);
    }

    @Override
    public void onReady() {
      listener.onRoom();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      isLost = true;
      listener.onLost(status.toString());
    }

    @Override
    public void close() {
      isGivenUp = true;
      call.cancel("the remote gives the stream up", null);
    }
  }
}
