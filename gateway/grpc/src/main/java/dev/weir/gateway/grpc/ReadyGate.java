package dev.weir.gateway.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets a thread that sends wait until the transport takes more, so that a client which does not
/// read costs what the transport holds.
final class ReadyGate {
  private final ServerCallStreamObserver<?> call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private boolean isOver;

  /// Of a call that begins, on gRPC's thread.
  ReadyGate(ServerCallStreamObserver<?> call) {
    this.call = call;
    call.setOnReadyHandler(() -> change(false));
    call.setOnCancelHandler(() -> change(true));
  }

  private void change(boolean over) {
    lock.lock();
    try {
      isOver |= over;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for room.
  ///
  /// @return false when the client is gone
  boolean await() throws InterruptedException {
    lock.lock();
    try {
      while (!isOver && !call.isReady()) {
        change.await();
      }
      return !isOver;
    } finally {
      lock.unlock();
    }
  }
}
