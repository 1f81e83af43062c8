package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One `Watch` call of presence. A client that does not read is told so once some changes wait for
/// it, and begins again with what it has seen.
///
/// Threads: gRPC's own opens and cancels, `weir-presence` tells. The lock guards what is sent.
final class WatchCall implements PresenceWatcher {
  /// Beyond the transport: 1 MiB of the largest.
  private static final int MAX_UNREAD = 256;

  private final ServerCallStreamObserver<WatchPresenceResponse> responses;
  private final String origin = CallOrigin.current();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private int unread;
  private boolean isEnded;

  private volatile @Nullable PresenceWatch watch;

  WatchCall(ServerCallStreamObserver<WatchPresenceResponse> responses) {
    this.responses = responses;
    responses.setOnCancelHandler(() -> leave(() -> {}));
  }

  void open(Broker broker, WatchPresenceRequest request) {
    try {
      PresenceWatch open = broker.presence().watch(request.getTopic(), request.getSince(), this);
      watch = open;
      if (isOver()) {
        open.close();
      }
    } catch (WeirException e) {
      ended(e);
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return isEnded;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public void began(PresenceView view) {
    send(WatchPresenceResponse.newBuilder().setView(PresenceWords.view(view)).build());
  }

  @Override
  public void changed(PresenceChange change) {
    send(WatchPresenceResponse.newBuilder().setChange(PresenceWords.change(change)).build());
  }

  private void send(WatchPresenceResponse response) {
    boolean isBehind;
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      unread = responses.isReady() ? 0 : unread + 1;
      isBehind = unread > MAX_UNREAD;
      if (!isBehind) {
        responses.onNext(response);
      }
    } finally {
      lock.unlock();
    }
    if (isBehind) {
      ended(
          new WeirException(
              ErrorCode.OVERLOADED,
              "Changes of presence are not read; watch again from the last."));
    }
  }

  @Override
  public void ended(WeirException cause) {
    leave(() -> {
      responses.onNext(WatchPresenceResponse.newBuilder().setFailed(Failures.of(cause)).build());
      responses.onCompleted();
    });
  }

  /// @param lastWord what is still said, under the lock
  private void leave(Runnable lastWord) {
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      isEnded = true;
      lastWord.run();
    } finally {
      lock.unlock();
    }
    PresenceWatch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
