package dev.weir.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The client's end of one call that goes both ways, from before it is begun to behind its end:
/// what is sent stays in order, and what is sent too late comes to nothing.
///
/// Any thread. The lock is held over what gRPC queues, never over an answer.
final class Dialogue<Q, R> {
  private final MethodDescriptor<Q, R> method;
  private final String owner;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable ClientCall<Q, R> call;
  private boolean isOver;

  /// @param owner "the responder": who leaves the call when it is cancelled
  Dialogue(MethodDescriptor<Q, R> method, String owner) {
    this.method = method;
    this.owner = owner;
  }

  /// Begins with a first word; its end may be told before this returns.
  void start(ManagedChannel channel, ClientCall.Listener<R> listener, Q first) {
    ClientCall<Q, R> started = channel.newCall(method, CallOptions.DEFAULT);
    started.start(listener, new Metadata());
    started.request(1);
    lock.lock();
    try {
      call = started;
      if (isOver) {
        started.cancel(owner + " was closed", null);
      } else {
        started.sendMessage(first);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Over a call that has ended, or was finished, it comes to nothing.
  void send(Q request) {
    lock.lock();
    try {
      if (call != null && !isOver) {
        call.sendMessage(request);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Asks for one more answer.
  void readOn() {
    ClientCall<Q, R> open = call();
    if (open != null) {
      open.request(1);
    }
  }

  /// Nothing more is sent.
  ///
  /// @return completes when the server has ended the call, or it was lost
  CompletableFuture<Void> finish() {
    lock.lock();
    try {
      if (call != null && !isOver) {
        isOver = true;
        call.halfClose();
      } else {
        closed.complete(null);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// The listener was told of the call's end.
  void closed() {
    var _ = end();
    closed.complete(null);
  }

  void cancel() {
    ClientCall<Q, R> open = end();
    if (open != null) {
      open.cancel(owner + " left the call", null);
    }
  }

  private @Nullable ClientCall<Q, R> call() {
    lock.lock();
    try {
      return call;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ClientCall<Q, R> end() {
    lock.lock();
    try {
      isOver = true;
      return call;
    } finally {
      lock.unlock();
    }
  }
}
