package dev.weir.rpc;

import io.grpc.ClientCall;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// What a client's listener hears, decoded: headers once and before anything else, messages, the
/// end.
///
/// Owned by whoever hands the call's messages over, one thread at a time.
final class Replies<A> {
  private final ClientCall.Listener<A> listener;
  private final MessageDecoder<A> decoder;
  private final DecompressorRegistry decompressors;
  private final Tracers tracers;
  private boolean areHeadersDue = true;

  Replies(
      ClientCall.Listener<A> listener,
      MessageDecoder<A> decoder,
      DecompressorRegistry decompressors,
      Tracers tracers) {
    this.listener = listener;
    this.decoder = decoder;
    this.decompressors = decompressors;
    this.tracers = tracers;
  }

  /// The headers came; again and late ones are passed over.
  ///
  /// @return why the call cannot go on; empty when it can
  Optional<Status> headers(dev.weir.wire.Metadata wire) {
    if (!areHeadersDue) {
      return Optional.empty();
    }
    areHeadersDue = false;
    Metadata headers = MetadataCodec.fromWire(wire);
    String encoding = headers.get(MetadataCodec.ENCODING);
    if (encoding != null) {
      Decompressor found = decompressors.lookupDecompressor(encoding);
      if (found == null) {
        return Optional.of(
            Status.INTERNAL.withDescription("There is no decompressor for " + encoding));
      }
      decoder.use(found);
    }
    tracers.headersReceived(headers);
    listener.onHeaders(headers);
    return Optional.empty();
  }

  /// Decodes a message.
  ///
  /// @throws RuntimeException when it cannot be read, see [MessageDecoder#unreadable]
  A decode(int flags, ByteBuf buffer, int index, int length) {
    A message = decoder.decode(flags, buffer, index, length);
    tracers.received(length + 1L, decoder.messageBytes());
    return message;
  }

  void message(A message) {
    listener.onMessage(message);
  }

  void ready() {
    listener.onReady();
  }

  Metadata trailers(dev.weir.wire.Metadata wire) {
    Metadata trailers = MetadataCodec.fromWire(wire);
    tracers.trailersReceived(trailers);
    return trailers;
  }

  void close(Status status, Metadata trailers) {
    listener.onClose(status, trailers);
  }
}
