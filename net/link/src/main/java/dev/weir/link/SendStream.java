package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.Reject;
import dev.weir.proto.RejectReason;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One stream of a client, whatever carries it: waits for its first request, which says what kind
/// of stream it is, and hands everything on to the handler of that kind.
///
/// Owned by the event loop of its connection; [#drain] may be called by any thread.
final class SendStream {
  /// Makes the stream of a path that is there.
  @FunctionalInterface
  interface Opening {
    SendStream open(ReturnPath path);
  }

  /// 100 ms: the grain of every time limit of a stream.
  private static final long TICK_MILLIS = 100;

  private final ServerContext context;
  private final Outbound out;
  private final EventExecutor loop;
  private final Consumer<SendStream> onEnded;
  private final Future<?> ticks;
  private final long deadlineNanos;
  private @Nullable RequestHandler handler;
  private boolean isOver;

  private SendStream(
      ServerContext context, ReturnPath path, EventExecutor loop, Consumer<SendStream> onEnded) {
    this.context = context;
    this.out = new Outbound(path);
    this.loop = loop;
    this.onEnded = onEnded;
    this.deadlineNanos = context.clock().nanoTime() + context.config().helloTimeout().toNanos();
    this.ticks =
        loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Takes over a stream that was just opened.
  ///
  /// @param onEnded told once, when it is over
  static SendStream open(
      ServerContext context, ReturnPath path, EventExecutor loop, Consumer<SendStream> onEnded) {
    SendStream stream = new SendStream(context, path, loop, onEnded);
    context.store().onEnded(cause -> Loops.execute(loop, () -> stream.letInNoMore(cause)));
    path.request(1);
    return stream;
  }

  void onRequest(Request request) {
    if (out.isEnded()) {
      return; // It was on the way when the stream ended.
    }
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

  private @Nullable RequestHandler choose(Request first) {
    int version = first.getVersion();
    boolean isMessage = first.hasPlainMessage() || first.hasZstdCompressed();
    if (version == FrameCodec.VERSION && !isMessage) {
      return new FramedSession(context, out, loop);
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
    out.end(fault);
    return null;
  }

  private void fail(WeirException fault) {
    context.counters().protocolErrors.increment();
    out.end(fault);
    onGone();
  }

  private void letInNoMore(WeirException cause) {
    out.end(cause);
    onGone();
  }

  void onReady() {
    if (handler != null) {
      handler.onReady();
    }
  }

  /// The client will send nothing more.
  void onHalfClosed() {
    if (handler == null) {
      out.end();
    } else {
      handler.onHalfClosed();
    }
  }

  /// The client is not there any more, or was told the end.
  void onGone() {
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
      out.end(new WeirException(ErrorCode.TIMED_OUT, "No request came in time."));
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
            out.end(new WeirException(ErrorCode.OVERLOADED, "The node shuts down."));
          } else {
            handler.onDrain(deadlineNanos);
          }
        });
  }
}
