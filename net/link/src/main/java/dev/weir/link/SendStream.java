package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.Reject;
import dev.weir.proto.RejectReason;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One `Send` call of a client: waits for its first request, which says what kind of stream it is,
/// and hands everything on to the handler of that kind.
///
/// Owned by the event loop of its connection; [#drain] may be called by any thread.
final class SendStream implements StreamObserver<Request> {
  /// 100 ms: the grain of every time limit of a stream.
  private static final long TICK_MILLIS = 100;

  private final ServerContext context;
  private final Outbound out;
  private final EventExecutor loop;
  private final WireMeter meter;
  private final Consumer<SendStream> onEnded;
  private final Future<?> ticks;
  private final long deadlineNanos;
  private @Nullable StreamHandler handler;
  private boolean isOver;

  private SendStream(
      ServerContext context,
      ServerCallStreamObserver<Response> call,
      EventExecutor loop,
      Consumer<SendStream> onEnded) {
    this.context = context;
    this.out = new Outbound(call);
    this.loop = loop;
    this.meter = WireMeter.current();
    this.onEnded = onEnded;
    this.deadlineNanos = context.clock().nanoTime() + context.config().helloTimeout().toNanos();
    this.ticks =
        loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Takes over a call that was just opened.
  ///
  /// @param onEnded told once, when the call is over
  static SendStream open(
      ServerContext context,
      ServerCallStreamObserver<Response> call,
      EventExecutor loop,
      Consumer<SendStream> onEnded) {
    SendStream stream = new SendStream(context, call, loop, onEnded);
    call.disableAutoRequest();
    call.setOnReadyHandler(stream::onReady);
    call.setOnCancelHandler(stream::onGone);
    call.setOnCloseHandler(stream::onClosed);
    call.request(1);
    return stream;
  }

  @Override
  public void onNext(Request request) {
    meter.onMessage(request.getSerializedSize());
    if (RequestMarshaller.isMalformed(request)) {
      fail(new WeirException(ErrorCode.MALFORMED, "A request cannot be decoded."));
      return;
    }
    if (handler == null) {
      handler = choose(request);
    }
    if (handler != null) {
      handler.onRequest(request);
    }
  }

  private @Nullable StreamHandler choose(Request first) {
    int version = first.getVersion();
    boolean isMessage = first.hasPlainMessage() || first.hasZstdCompressed();
    if (version == FrameCodec.VERSION && !isMessage) {
      return new FramedSession(context, out, loop, meter);
    }
    if (version == 1 || version == FrameCodec.VERSION) {
      return new PlainSession(context, out, loop, version);
    }
    context.counters().rejected.increment();
    WeirException fault =
        new WeirException(
            ErrorCode.UNSUPPORTED_VERSION,
            "Version " + Integer.toUnsignedString(version) + " was sent, expected 1 or 2.");
    Reject.Builder reject =
        Reject.newBuilder()
            .setReason(RejectReason.REJECT_REASON_INCOMPATIBLE)
            .setDetail(fault.explanation());
    out.send(Response.newBuilder().setReject(reject), FrameCodec.VERSION);
    out.end(LinkStatus.of(fault));
    return null;
  }

  private void fail(WeirException fault) {
    context.counters().protocolErrors.increment();
    out.end(LinkStatus.of(fault));
    onGone();
  }

  private void onReady() {
    if (handler != null) {
      handler.onReady();
    }
  }

  @Override
  public void onCompleted() {
    if (handler == null) {
      out.end(Status.OK);
    } else {
      handler.onHalfClosed();
    }
  }

  @Override
  public void onError(Throwable failure) {
    onGone();
  }

  private void onClosed() {
    onGone();
  }

  private void onGone() {
    if (isOver) {
      return;
    }
    isOver = true;
    ticks.cancel(false);
    if (handler != null) {
      handler.onGone();
    }
    onEnded.accept(this);
  }

  private void tick() {
    long nowNanos = context.clock().nanoTime();
    if (handler != null) {
      handler.onTick(nowNanos);
    } else if (nowNanos - deadlineNanos >= 0) {
      out.end(LinkStatus.of(new WeirException(ErrorCode.TIMED_OUT, "No request came in time.")));
    }
    if (out.isEnded() && handler == null) {
      onGone();
    }
  }

  /// The node wants the client to finish by a time and go.
  void drain(long deadlineNanos) {
    Loops.execute(
        loop,
        () -> {
          if (handler == null) {
            out.end(LinkStatus.of(new WeirException(ErrorCode.OVERLOADED, "The node shuts down.")));
          } else {
            handler.onDrain(deadlineNanos);
          }
        });
  }
}
