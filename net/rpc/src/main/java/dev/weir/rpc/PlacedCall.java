package dev.weir.rpc;

import dev.weir.wire.OpenRequest;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A client's call on its way: which attempt is made over which connection, after its credentials
/// were applied, and until when. What it hears goes to [CallReader].
///
/// @param <A> the answers
final class PlacedCall<A> implements Context.CancellationListener {
  private final WireChannel channel;
  private final ChannelSettings settings;
  private final MethodDescriptor<?, A> method;
  private final CallOptions options;
  private final Context context = Context.current();
  private final CallDeadline deadline;
  private final CallHeaders opening;
  private final CallReader<A> reader;
  private final Inbox inbox;
  private Metadata headers = new Metadata();
  private Tracers tracers = Tracers.NONE;
  private volatile @Nullable Attempt attempt;
  private volatile @Nullable Session session;
  private volatile boolean isFailed;
  private boolean areHeadersTraced;

  PlacedCall(
      WireChannel channel,
      ChannelSettings settings,
      MethodDescriptor<?, A> method,
      CallOptions options) {
    this.channel = channel;
    this.settings = settings;
    this.method = method;
    this.options = options;
    this.deadline = new CallDeadline(options, context);
    this.opening = new CallHeaders(settings, options, method.getFullMethodName(), deadline);
    this.reader = new CallReader<>(this, channel);
    Executor executor = options.getExecutor();
    this.inbox = new Inbox(reader, executor == null ? settings.executor() : executor, context);
  }

  /// Takes the call's headers, and makes ready for its answers.
  ///
  /// @return false when the call has failed
  boolean start(io.grpc.ClientCall.Listener<A> observer, Metadata given) {
    headers = given;
    boolean isCounted = channel.enter();
    Status refusal =
        isCounted
            ? opening.refusal(context).orElse(null)
            : Status.UNAVAILABLE.withDescription("The channel was shut down");
    tracers =
        refusal == null ? Tracers.ofClient(options, channel.attributes(), headers) : Tracers.NONE;
    reader.start(new Replies<>(observer, decoder(), settings.decompressors(), tracers), isCounted);
    if (refusal != null) {
      fail(refusal);
      return false;
    }
    context.addListener(this, Runnable::run);
    return true;
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

  CallHeaders opening() {
    return opening;
  }

  CallDeadline deadline() {
    return deadline;
  }

  CallReader<A> reader() {
    return reader;
  }

  Inbox inbox() {
    return inbox;
  }

  Tracers tracers() {
    return tracers;
  }

  @Nullable Attempt attempt() {
    return attempt;
  }

  boolean isFailed() {
    return isFailed;
  }

  Metadata headers() {
    return headers;
  }

  Attributes attributes() {
    Session known = session;
    return known == null ? Attributes.EMPTY : known.attributes();
  }

  /// Makes the call one of the two ways, after its credentials, if it has any, were applied.
  void begin(Attempt chosen) {
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
    try {
      if (!areHeadersTraced) { // A call that is made again says nothing new.
        areHeadersTraced = true;
        tracers.headersSent();
      }
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

  /// Ends the call from this end, past what waits to be handed over. Any thread.
  void fail(Status status) {
    isFailed = true;
    Attempt known = attempt;
    if (known != null && !inbox.isOver()) {
      known.cancel(status);
    }
    channel.forget(this);
    inbox.end(() -> reader.finish(status, new Metadata()));
  }

  /// Gives up what is under way; nobody can be told.
  void abandon(Status status) {
    Attempt known = attempt;
    if (known != null) {
      known.cancel(status);
    }
    channel.forget(this);
  }

  /// Nothing more happens to the call.
  void settle(Status status) {
    deadline.stopTimer();
    context.removeListener(this);
    tracers.closed(status);
  }
}
