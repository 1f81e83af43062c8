package dev.weir.client;

import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.PresenceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One `Join` call of a [Membership]. Answers come on the client's event loop.
final class JoinSession extends ClientCall.Listener<JoinResponse> implements Redial.Call {
  private final Membership membership;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable ClientCall<JoinRequest, JoinResponse> call;
  private boolean isOver;

  JoinSession(Membership membership) {
    this.membership = membership;
  }

  @Override
  public void start(ManagedChannel channel) {
    ClientCall<JoinRequest, JoinResponse> started =
        channel.newCall(PresenceGrpc.getJoinMethod(), CallOptions.DEFAULT);
    started.start(this, new Metadata());
    started.request(1);
    lock.lock();
    try {
      call = started;
      if (isOver) {
        started.cancel("the membership was closed", null);
      } else {
        started.sendMessage(membership.enter());
      }
    } finally {
      lock.unlock();
    }
  }

  void send(JoinRequest request) {
    lock.lock();
    try {
      if (call != null && !isOver) {
        call.sendMessage(request);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is asked.
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

  @Override
  public void onMessage(JoinResponse response) {
    membership.onAnswer(this, response);
    ClientCall<JoinRequest, JoinResponse> open;
    lock.lock();
    try {
      open = call;
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.request(1);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    var _ = end();
    closed.complete(null);
    membership.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    ClientCall<JoinRequest, JoinResponse> open = end();
    if (open != null) {
      open.cancel("the membership left the call", null);
    }
  }

  private @Nullable ClientCall<JoinRequest, JoinResponse> end() {
    lock.lock();
    try {
      isOver = true;
      return call;
    } finally {
      lock.unlock();
    }
  }
}
