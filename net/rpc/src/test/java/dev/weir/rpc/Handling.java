package dev.weir.rpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A server's handler that gives every call to the test, and remembers how it went.
final class Handling implements ServerCallHandler<byte[], byte[]> {
  private final BlockingQueue<Served> calls = new LinkedBlockingQueue<>();
  final AtomicInteger started = new AtomicInteger();
  final AtomicInteger completed = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  private final boolean isEcho;

  private Handling(boolean isEcho) {
    this.isEcho = isEcho;
  }

  /// Leaves the call to the test.
  static Handling byHand() {
    return new Handling(false);
  }

  /// Sends each message back and ends when the client does.
  static Handling echo() {
    return new Handling(true);
  }

  /// One call.
  final class Served extends ServerCall.Listener<byte[]> {
    final ServerCall<byte[], byte[]> call;
    final Metadata headers;
    final Context context = Context.current();
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final CountDownLatch isCancelled = new CountDownLatch(1);
    final CountDownLatch isComplete = new CountDownLatch(1);
    final CountDownLatch isHalfClosed = new CountDownLatch(1);

    Served(ServerCall<byte[], byte[]> call, Metadata headers) {
      this.call = call;
      this.headers = headers;
    }

    @Override
    public void onMessage(byte[] message) {
      if (isEcho) {
        call.sendMessage(message);
        call.request(1);
      } else {
        messages.add(message);
      }
    }

    @Override
    public void onHalfClose() {
      isHalfClosed.countDown();
      if (isEcho) {
        call.close(Status.OK, new Metadata());
      }
    }

    @Override
    public void onCancel() {
      cancelled.incrementAndGet();
      isCancelled.countDown();
    }

    @Override
    public void onComplete() {
      completed.incrementAndGet();
      isComplete.countDown();
    }

    void answer(byte[] message) {
      call.sendHeaders(new Metadata());
      call.sendMessage(message);
      call.close(Status.OK, new Metadata());
    }
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
    started.incrementAndGet();
    Served served = new Served(call, headers);
    call.request(1);
    if (isEcho) {
      call.sendHeaders(new Metadata());
    } else {
      calls.add(served);
    }
    return served;
  }

  Served next() throws InterruptedException {
    Served served = calls.poll(20, TimeUnit.SECONDS);
    if (served == null) {
      throw new AssertionError("No call came");
    }
    return served;
  }
}
