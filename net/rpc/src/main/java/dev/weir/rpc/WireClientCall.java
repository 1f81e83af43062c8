package dev.weir.rpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A client's call, as its user sees it: one thread at a time, as gRPC demands, but for `cancel`
/// and `request`. How it is made stands in [PlacedCall], what comes back in [CallReader].
///
/// A unary call waits for its half-close: then its size is known, and a small one goes over the
/// stream that its method's calls share.
final class WireClientCall<Q, A> extends ClientCall<Q, A> {
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final PlacedCall<A> placed;
  private final MessageEncoder encoder;
  private @Nullable Q unaryMessage;

  WireClientCall(
      WireChannel channel,
      ChannelSettings settings,
      MethodDescriptor<Q, A> method,
      CallOptions options) {
    this.method = method;
    this.options = options;
    this.placed = new PlacedCall<>(channel, settings, method, options);
    Integer maxOutbound = options.getMaxOutboundMessageSize();
    this.encoder = new MessageEncoder(maxOutbound == null ? Integer.MAX_VALUE : maxOutbound);
  }

  @Override
  public void start(Listener<A> observer, Metadata headers) {
    if (placed.reader().isStarted()) {
      throw new IllegalStateException("The call was started before");
    }
    encoder.use(placed.opening().compressor());
    if (placed.start(observer, headers) && method.getType() != MethodType.UNARY) {
      placed.begin(new StreamAttempt(placed, placed.inbox()));
    }
  }

  @Override
  public void sendMessage(Q message) {
    if (placed.isFailed()) {
      return;
    }
    Attempt known = placed.attempt();
    if (known == null && unaryMessage == null) {
      unaryMessage = message;
      return;
    }
    if (known == null) {
      throw new IllegalStateException("A unary call sends one message");
    }
    try {
      known.send(encode(message));
    } catch (RuntimeException e) {
      cancel("The message could not be sent", e);
    }
  }

  private ByteBuf encode(Q message) {
    ByteBuf body = encoder.encode(method.streamRequest(message));
    placed.tracers().sent(body.readableBytes(), encoder.messageBytes());
    return body;
  }

  @Override
  public void halfClose() {
    Attempt known = placed.attempt();
    if (known != null) {
      known.halfClose();
      return;
    }
    Q message = unaryMessage;
    unaryMessage = null;
    if (placed.isFailed()) {
      return;
    }
    try {
      beginUnary(message);
    } catch (RuntimeException e) {
      cancel("The message could not be sent", e);
    }
  }

  private void beginUnary(@Nullable Q message) {
    CallHeaders opening = placed.opening();
    ByteBuf body = message == null ? null : encode(message);
    if (body != null
        && body.readableBytes() <= UnaryBody.MAX_SHARED_BYTES
        && options.getCredentials() == null
        && opening.isSharable()) {
      dev.weir.wire.Metadata own = MetadataCodec.wire(opening.entries(placed.headers()));
      if (own.encodedBytes() <= UnaryBody.MAX_SHARED_BYTES) {
        placed.begin(new SharedAttempt(placed, placed.inbox(), body, own));
        return;
      }
    }
    StreamAttempt own = new StreamAttempt(placed, placed.inbox());
    if (body != null) {
      own.send(body);
    }
    own.halfClose();
    placed.begin(own);
  }

  @Override
  public void request(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("request of " + count + " messages, expected 0 or more");
    }
    placed.inbox().request(count);
  }

  @Override
  public boolean isReady() {
    Attempt known = placed.attempt();
    return known == null ? method.getType() == MethodType.UNARY : known.isReady();
  }

  @Override
  public void setMessageCompression(boolean isOn) {
    encoder.compressing(isOn);
  }

  @Override
  public Attributes getAttributes() {
    return placed.attributes();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    String said = message == null ? "The call was cancelled without a message" : message;
    placed.fail(Status.CANCELLED.withCause(cause).withDescription(said));
  }
}
