package dev.weir.rpc;

import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.WireStatus;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client's call. Its user is one thread at a time, as gRPC demands, but for `cancel` and
/// `request`; what comes goes through the inbox to the listener.
///
/// A unary call waits for its half-close: then its size is known, and a small one goes over the
/// stream that its method's calls share.
final class WireClientCall<Q, A> extends ClientCall<Q, A>
    implements Inbox.Reader, Context.CancellationListener {
  private static final Logger LOG = LoggerFactory.getLogger(WireClientCall.class);

  private final WireChannel channel;
  private final ChannelSettings settings;
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final Context context = Context.current();
  private final CallDeadline deadline;
  private final CallHeaders opening;
  private final MessageEncoder encoder;
  private final Inbox inbox;
  private Metadata headers = new Metadata();
  private Tracers tracers = Tracers.NONE;
  private @Nullable Replies<A> replies;
  private @Nullable Q unaryMessage;
  private volatile @Nullable Attempt attempt;
  private volatile @Nullable Session session;
  private volatile boolean isFailed;
  private boolean isCounted;

  WireClientCall(
      WireChannel channel,
      ChannelSettings settings,
      MethodDescriptor<Q, A> method,
      CallOptions options) {
    this.channel = channel;
    this.settings = settings;
    this.method = method;
    this.options = options;
    this.deadline = new CallDeadline(options, context);
    this.opening = new CallHeaders(settings, options, method.getFullMethodName(), deadline);
    Integer maxOutbound = options.getMaxOutboundMessageSize();
    this.encoder = new MessageEncoder(maxOutbound == null ? Integer.MAX_VALUE : maxOutbound);
    Executor executor = options.getExecutor();
    this.inbox = new Inbox(this, executor == null ? settings.executor() : executor, context);
  }

  @Override
  public void start(Listener<A> observer, Metadata given) {
    if (replies != null) {
      throw new IllegalStateException("The call was started before");
    }
    headers = given;
    isCounted = channel.enter();
    Status refusal =
        isCounted
            ? opening.refusal(context).orElse(null)
            : Status.UNAVAILABLE.withDescription("The channel was shut down");
    encoder.use(opening.compressor());
    tracers =
        refusal == null ? Tracers.ofClient(options, channel.attributes(), headers) : Tracers.NONE;
    replies = new Replies<>(observer, decoder(), settings.decompressors(), tracers);
    if (refusal != null) {
      fail(refusal);
      return;
    }
    context.addListener(this, Runnable::run);
    if (method.getType() != MethodType.UNARY) {
      begin(new StreamAttempt(this, inbox));
    }
  }

  private MessageDecoder<A> decoder() {
    Integer max = options.getMaxInboundMessageSize();
    return new MessageDecoder<>(
        method.getResponseMarshaller(), max == null ? settings.maxInboundBytes() : max);
  }

  @Override
  public void cancelled(Context by) {
    fail(CallDeadline.cancelledBy(by));
  }

  /// Makes the call one of the two ways, after its credentials, if it has any, were applied.
  private void begin(Attempt chosen) {
    attempt = chosen;
    if (isFailed) {
      chosen.cancel(Status.CANCELLED);
      return;
    }
    if (chosen instanceof StreamAttempt || !channel.isReady()) {
      startTimer();
    }
    CallCredentials credentials = options.getCredentials();
    if (credentials != null && chosen instanceof StreamAttempt) {
      Credentials.apply(credentials, method, channel, settings, options, this::proceed, this::fail);
      return;
    }
    proceed(new Metadata());
  }

  private void startTimer() {
    deadline.startTimer(settings.timers(), this::expire);
    if (isEnded()) {
      deadline.stopTimer();
    }
  }

  private void proceed(Metadata more) {
    try {
      headers.merge(more);
      channel.place(this);
    } catch (RuntimeException e) {
      fail(Status.fromThrowable(e));
    }
  }

  private void expire() {
    fail(deadline.expired("no answer came in time"));
  }

  /// Makes the attempt again.
  void restart() {
    startTimer();
    channel.place(this);
  }

  /// The server takes no more calls on this connection.
  void retireSession() {
    Session known = session;
    if (known != null) {
      channel.retire(known);
    }
  }

  boolean isWaitForReady() {
    return options.isWaitForReady();
  }

  /// The channel found a connection. Any thread.
  void onSession(Session found) {
    Attempt known = attempt;
    if (known == null || isFailed) {
      return;
    }
    session = found;
    tracers.headersSent();
    try {
      known.start(found);
    } catch (RuntimeException e) {
      fail(Status.fromThrowable(e));
    }
  }

  String methodName() {
    return method.getFullMethodName();
  }

  long wireMicros() {
    return opening.wireMicros();
  }

  OpenRequest openRequest() {
    return opening.open(opening.entries(headers));
  }

  boolean isEnded() {
    return isFailed || inbox.isOver();
  }

  boolean mayRetry() {
    return !isFailed && !deadline.isExpired();
  }

  /// The shared stream has no room: the call gets one of its own, which may wait.
  void moveToStream(Session to, ByteBuf body) {
    StreamAttempt own = new StreamAttempt(this, inbox);
    attempt = own;
    startTimer();
    own.send(body);
    own.halfClose();
    if (isFailed) {
      own.cancel(Status.CANCELLED);
    } else {
      own.start(to);
    }
  }

  @Override
  public void sendMessage(Q message) {
    if (isFailed) {
      return;
    }
    Attempt known = attempt;
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
    tracers.sent(body.readableBytes(), encoder.messageBytes());
    return body;
  }

  @Override
  public void halfClose() {
    Attempt known = attempt;
    if (known != null) {
      known.halfClose();
      return;
    }
    Q message = unaryMessage;
    unaryMessage = null;
    if (isFailed) {
      return;
    }
    try {
      beginUnary(message);
    } catch (RuntimeException e) {
      cancel("The message could not be sent", e);
    }
  }

  private void beginUnary(@Nullable Q message) {
    ByteBuf body = message == null ? null : encode(message);
    if (body != null
        && body.readableBytes() <= UnaryBody.MAX_SHARED_BYTES
        && options.getCredentials() == null
        && opening.isSharable()) {
      dev.weir.wire.Metadata own = MetadataCodec.wire(opening.entries(headers));
      if (own.encodedBytes() <= UnaryBody.MAX_SHARED_BYTES) {
        begin(new SharedAttempt(this, inbox, body, own));
        return;
      }
    }
    StreamAttempt own = new StreamAttempt(this, inbox);
    if (body != null) {
      own.send(body);
    }
    own.halfClose();
    begin(own);
  }

  @Override
  public void request(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("request of " + count + " messages, expected 0 or more");
    }
    inbox.request(count);
  }

  @Override
  public boolean isReady() {
    Attempt known = attempt;
    return known == null ? method.getType() == MethodType.UNARY : known.isReady();
  }

  @Override
  public void setMessageCompression(boolean isOn) {
    encoder.compressing(isOn);
  }

  @Override
  public Attributes getAttributes() {
    Session known = session;
    return known == null ? Attributes.EMPTY : known.attributes();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    Status status = Status.CANCELLED.withCause(cause);
    if (message != null) {
      status = status.withDescription(message);
    } else {
      status = status.withDescription("The call was cancelled without a message");
    }
    fail(status);
  }

  /// Ends the call from this end, past what waits to be handed over. Any thread.
  void fail(Status status) {
    isFailed = true;
    Attempt known = attempt;
    if (known != null && !inbox.isOver()) {
      known.cancel(status);
    }
    channel.forget(this);
    inbox.end(() -> finish(status, new Metadata()));
  }

  // What follows runs on the inbox's turn.

  void onHeaders(dev.weir.wire.Metadata wire) {
    if (!isFailed) {
      replies().headers(wire).ifPresent(this::fail);
    }
  }

  @Override
  public void onMessage(int flags, ByteBuf buffer, int index, int length, long creditBytes) {
    onHeaders(dev.weir.wire.Metadata.EMPTY);
    if (isFailed) {
      return;
    }
    A message;
    try {
      message = replies().decode(flags, buffer, index, length);
    } catch (RuntimeException e) {
      fail(MessageDecoder.unreadable(e));
      return;
    }
    Attempt known = attempt;
    if (known != null) {
      known.consumed(creditBytes);
    }
    replies().message(message);
  }

  @Override
  public void onReady() {
    replies().ready();
  }

  @Override
  public void onFault(Throwable fault) {
    LOG.debug("A listener of {} failed", methodName(), fault);
    fail(Status.CANCELLED.withDescription("The listener failed").withCause(fault));
  }

  @Override
  public void onRejected() {
    Status status = Status.CANCELLED.withDescription("The executor of the call takes nothing more");
    Attempt known = attempt;
    if (known != null) {
      known.cancel(status);
    }
    channel.forget(this);
    settle(status);
  }

  /// The server, or the connection's end, ended the call.
  void onClosed(WireStatus status, dev.weir.wire.Metadata trailers) {
    boolean isOutOfTime = status.code() == StatusCode.DEADLINE_EXCEEDED && deadline.isExpired();
    onEnd(isOutOfTime ? deadline.expired(status.detail()) : StatusCodec.fromWire(status), trailers);
  }

  void onFailed(Status status, dev.weir.wire.Metadata before, dev.weir.wire.Metadata trailers) {
    if (!before.isEmpty()) {
      onHeaders(before);
    }
    onEnd(status, trailers);
  }

  private void onEnd(Status status, dev.weir.wire.Metadata wire) {
    if (!isFailed) {
      finish(status, replies().trailers(wire));
    }
  }

  private void finish(Status status, Metadata trailers) {
    inbox.close();
    settle(status);
    replies().close(status, trailers);
  }

  private void settle(Status status) {
    deadline.stopTimer();
    context.removeListener(this);
    tracers.closed(status);
    if (isCounted) {
      channel.leave();
    }
  }

  private Replies<A> replies() {
    return Objects.requireNonNull(replies, "the call was not started");
  }
}
