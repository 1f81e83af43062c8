package dev.weir.rpc;

import dev.weir.wire.MessageView;
import io.grpc.Attributes;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server's call. What comes goes through the inbox to the handler's listener; what the handler
/// says, one thread at a time, goes to the answer.
final class WireServerCall<Q, A> extends ServerCall<Q, A>
    implements Inbox.Reader, Context.CancellationListener {
  private static final Logger LOG = LoggerFactory.getLogger(WireServerCall.class);

  private final ServerSettings settings;
  private final MethodDescriptor<Q, A> method;
  private final ServerCallHandler<Q, A> handler;
  private final CallFacts facts;
  private final Answer answer;
  private final long timeoutNanos;
  private final Tracers tracers;
  private final Context.CancellableContext context;
  private final Inbox inbox;
  private final MessageEncoder encoder = new MessageEncoder(Integer.MAX_VALUE);
  private final MessageDecoder<Q> decoder;
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private Compressor compressor = Codec.Identity.NONE;
  private @Nullable Listener<Q> listener;
  private volatile boolean isCancelled;
  private volatile boolean isClosed;
  private boolean areHeadersSent;
  private boolean isMessageSent;

  WireServerCall(
      ServerSettings settings,
      ServerMethodDefinition<Q, A> definition,
      CallFacts facts,
      Answer answer) {
    this.settings = settings;
    this.method = definition.getMethodDescriptor();
    this.handler = definition.getServerCallHandler();
    this.facts = facts;
    this.answer = answer;
    this.timeoutNanos = facts.timeoutNanos();
    this.decoder = new MessageDecoder<>(method.getRequestMarshaller(), settings.maxInboundBytes());
    List<ServerStreamTracer> traced =
        settings.newTracers(method.getFullMethodName(), facts.headers());
    this.tracers = traced.isEmpty() ? Tracers.NONE : new Tracers(traced);
    this.context = context(traced);
    this.inbox = new Inbox(this, settings.executor(), context);
    inbox.attach(facts.loop());
  }

  private Context.CancellableContext context(List<ServerStreamTracer> traced) {
    Context parent = Tracers.filter(traced, Context.ROOT);
    if (timeoutNanos < 0) {
      return parent.withCancellation();
    }
    Deadline deadline = Deadline.after(timeoutNanos, TimeUnit.NANOSECONDS);
    return parent.withDeadline(deadline, settings.timers());
  }

  Inbox inbox() {
    return inbox;
  }

  boolean isUnary() {
    return method.getType() == MethodType.UNARY;
  }

  /// Lets the handler begin.
  void start() {
    if (timeoutNanos >= 0) {
      context.addListener(this, Runnable::run);
    }
    inbox.add(this::startNow);
  }

  /// Hands a whole unary call over: at once where that may be, without copying it.
  void serveUnary(UnaryBody.Parts parts, MessageView message) {
    if (timeoutNanos >= 0) {
      context.addListener(this, Runnable::run);
    }
    ByteBuf buffer = message.buffer();
    long credit = message.creditBytes();
    boolean isHandedOver =
        inbox.handOver(() -> {
          startNow();
          if (inbox.takeRequest()) {
            onMessage(parts.flags, buffer, parts.index, parts.length, credit);
            onHalfClose();
          } else {
            inbox.addLater(parts.flags, buffer, parts.index, parts.length, credit);
            inbox.addLater(this::onHalfClose);
          }
        });
    if (!isHandedOver) {
      inbox.addLater(this::startNow);
      inbox.addLater(parts.flags, buffer, parts.index, parts.length, credit);
      inbox.add(this::onHalfClose);
    }
  }

  /// Takes a message of a stream of the call's own.
  void offer(MessageView message) {
    ByteBuf buffer = message.buffer();
    int index = message.bodyIndex();
    int length = message.bodyBytes() - 1;
    if (length < 0) {
      refuse(Status.INTERNAL.withDescription("A message came without its flags"));
      return;
    }
    int flags = buffer.getByte(index);
    long credit = message.creditBytes();
    boolean isHandedOver =
        inbox.handOver(() -> {
          if (inbox.takeRequest()) {
            onMessage(flags, buffer, index + 1, length, credit);
          } else {
            inbox.addLater(flags, buffer, index + 1, length, credit);
          }
        });
    if (!isHandedOver) {
      inbox.addLater(flags, buffer, index + 1, length, credit);
      inbox.schedule();
    }
  }

  private void startNow() {
    String encoding = facts.headers().get(MetadataCodec.ENCODING);
    if (encoding != null) {
      Decompressor decompressor = settings.decompressors().lookupDecompressor(encoding);
      if (decompressor == null) {
        refuse(Status.UNIMPLEMENTED.withDescription("Can't find decompressor for " + encoding));
        return;
      }
      decoder.use(decompressor);
    }
    tracers.callStarted(this);
    listener = handler.startCall(this, facts.headers());
  }

  @Override
  public void onMessage(int flags, ByteBuf buffer, int index, int length, long creditBytes) {
    Listener<Q> known = listener;
    answer.consumed(creditBytes);
    if (known == null || isCancelled) {
      return;
    }
    Q message;
    try {
      message = decoder.decode(flags, buffer, index, length);
    } catch (StatusRuntimeException e) {
      refuse(e.getStatus());
      return;
    }
    tracers.received(length + 1L, decoder.messageBytes());
    known.onMessage(message);
  }

  void onHalfClose() {
    Listener<Q> known = listener;
    if (known != null && !isCancelled) {
      known.onHalfClose();
    }
  }

  @Override
  public void onReady() {
    Listener<Q> known = listener;
    if (known != null && !isClosed) {
      known.onReady();
    }
  }

  /// The handler threw: the caller is told that something is wrong, not what.
  @Override
  public void onFault(Throwable fault) {
    LOG.debug("The handler of {} failed", method.getFullMethodName(), fault);
    refuse(Status.UNKNOWN.withDescription("Application error processing RPC"));
  }

  @Override
  public void onRejected() {
    refuse(Status.UNAVAILABLE.withDescription("The server's executor takes no more calls"));
  }

  /// Ends the call from this end, unless the handler has.
  private void refuse(Status status) {
    if (!isClosed) {
      isClosed = true;
      isCancelled = true;
      tracers.closed(status);
      answer.finish(status, new Metadata());
    }
  }

  /// The deadline is over, or somebody cancelled the context.
  @Override
  public void cancelled(Context by) {
    if (isEnded.get() || isClosed) {
      return;
    }
    Deadline deadline = by.getDeadline();
    boolean isLate = deadline != null && deadline.isExpired();
    Status status =
        isLate
            ? Status.DEADLINE_EXCEEDED.withDescription(
                Timeouts.expired("The call's", timeoutNanos, "at the server"))
            : Status.CANCELLED.withDescription("The server cancelled the call");
    isCancelled = true;
    answer.abort(status);
    end(false, status);
  }

  /// The call is over: nothing can be said or heard any more.
  ///
  /// @param isComplete the last word is on its way
  void end(boolean isComplete, Status status) {
    if (!isEnded.compareAndSet(false, true)) {
      return;
    }
    if (!isComplete) {
      isCancelled = true;
      answer.abandon();
    }
    tracers.closed(status);
    Runnable last = () -> endNow(isComplete && !isCancelled, status);
    if (isComplete) {
      inbox.add(last);
    } else {
      inbox.end(last);
    }
  }

  private void endNow(boolean isComplete, Status status) {
    inbox.close();
    context.cancel(isComplete ? null : status.asRuntimeException());
    Listener<Q> known = listener;
    if (known == null) {
      return;
    }
    if (isComplete) {
      known.onComplete();
    } else {
      known.onCancel();
    }
  }

  // What follows is called by the handler.

  @Override
  public void request(int count) {
    inbox.request(count);
  }

  @Override
  public void sendHeaders(Metadata headers) {
    if (areHeadersSent) {
      throw new IllegalStateException("The headers were sent before");
    }
    areHeadersSent = true;
    if (isCancelled || isClosed) {
      return;
    }
    headers.discardAll(MetadataCodec.ENCODING);
    if (!(compressor instanceof Codec.Identity)) {
      headers.put(MetadataCodec.ENCODING, compressor.getMessageEncoding());
      encoder.use(compressor);
    }
    if (!headers.keys().isEmpty()) {
      answer.headers(headers);
    }
  }

  @Override
  public void sendMessage(A message) {
    if (isClosed) {
      throw new IllegalStateException("The call is closed");
    }
    if (!areHeadersSent) {
      throw new IllegalStateException("The headers were not sent");
    }
    if (isCancelled) {
      return;
    }
    if (isMessageSent && method.getType().serverSendsOneMessage()) {
      refuse(Status.INTERNAL.withDescription("Too many responses"));
      return;
    }
    isMessageSent = true;
    ByteBuf body = encoder.encode(method.streamResponse(message));
    tracers.sent(body.readableBytes(), encoder.messageBytes());
    answer.send(body);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (isClosed && !isCancelled) {
      throw new IllegalStateException("The call is closed already");
    }
    if (isClosed || isCancelled) {
      return;
    }
    if (status.isOk() && !isMessageSent && method.getType().serverSendsOneMessage()) {
      refuse(Status.INTERNAL.withDescription("Completed without a response"));
      return;
    }
    isClosed = true;
    tracers.closed(status);
    try {
      answer.finish(status, trailers);
    } catch (StatusRuntimeException e) {
      // Trailers that do not fit must not leave the client without an end.
      answer.finish(e.getStatus(), new Metadata());
    }
  }

  @Override
  public boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public boolean isReady() {
    return !isClosed && answer.isReady();
  }

  @Override
  public void setCompression(String name) {
    if (areHeadersSent) {
      throw new IllegalStateException("The headers were sent before");
    }
    Compressor found = settings.compressors().lookupCompressor(name);
    if (found == null) {
      throw new IllegalArgumentException("There is no compressor " + name);
    }
    String taken = facts.headers().get(MetadataCodec.ACCEPT_ENCODING);
    boolean isTaken = taken != null && Set.of(taken.split(",", -1)).contains(name);
    compressor = isTaken ? found : Codec.Identity.NONE;
  }

  @Override
  public void setMessageCompression(boolean isOn) {
    encoder.compressing(isOn);
  }

  @Override
  public Attributes getAttributes() {
    return facts.attributes();
  }

  @Override
  public @Nullable String getAuthority() {
    return facts.authority();
  }

  @Override
  public MethodDescriptor<Q, A> getMethodDescriptor() {
    return method;
  }
}
