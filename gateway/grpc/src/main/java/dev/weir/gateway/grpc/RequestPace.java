package dev.weir.gateway.grpc;

import dev.weir.broker.explain.PublisherTrace;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Reads the requests of one call no faster than they are answered: what is beyond waits in the
/// client, behind HTTP/2's own credit, and not in the core.
///
/// A client that does not read its answers is not read from either, once some of them wait for it;
/// that is later than the first, so that a client which reads one thing at a time is not stopped
/// before its acks arrive.
///
/// Any thread; the lock is never held while the call is asked for more.
final class RequestPace {
  private final ServerCallStreamObserver<?> call;
  private final int maxCount;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private int count;
  private long bytes;
  private int unread;
  private boolean isAsked;
  private boolean isEnded;

  /// @param maxCount requests that are not answered, and answers that wait for the client
  /// @param maxBytes of requests that are not answered; one more may be beyond it
  RequestPace(ServerCallStreamObserver<?> call, int maxCount, long maxBytes) {
    this.call = call;
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
    call.disableAutoRequest();
  }

  /// Asks for a request when there is room for it; also when the transport takes more again.
  void ask() {
    boolean isReady = call.isReady();
    lock.lock();
    try {
      unread = isReady ? 0 : unread;
      boolean hasRoom = count < maxCount && bytes < maxBytes && unread < maxCount;
      if (isAsked || isEnded || !hasRoom) {
        return;
      }
      isAsked = true;
    } finally {
      lock.unlock();
    }
    call.request(1);
  }

  /// A request came, which is to be answered; the next one is not asked for yet.
  void taken(long requestBytes) {
    taken(1, requestBytes);
  }

  /// A request came that is to be answered as often as several would be.
  void taken(int requests, long requestBytes) {
    lock.lock();
    try {
      isAsked = false;
      count += requests;
      bytes += requestBytes;
    } finally {
      lock.unlock();
    }
  }

  /// It was answered.
  void answered(long requestBytes) {
    answered(1, requestBytes, 1);
  }

  /// Several were answered.
  ///
  /// @param responses in how many messages
  void answered(int requests, long requestBytes, int responses) {
    lock.lock();
    try {
      count -= requests;
      bytes -= requestBytes;
      unread += responses;
    } finally {
      lock.unlock();
    }
    ask();
  }

  /// Asks for nothing any more.
  void end() {
    lock.lock();
    try {
      isEnded = true;
    } finally {
      lock.unlock();
    }
  }

  /// How a stream of publishes stands that is read at this pace.
  PublisherTrace trace(String door, String topic) {
    lock.lock();
    try {
      return new PublisherTrace(door, topic, count, bytes, state(), List.of());
    } finally {
      lock.unlock();
    }
  }

  private PublisherTrace.State state() {
    if (unread >= maxCount) {
      return PublisherTrace.State.CLIENT_DOES_NOT_READ;
    }
    if (count >= maxCount || bytes >= maxBytes) {
      return PublisherTrace.State.FULL;
    }
    return count == 0 ? PublisherTrace.State.IDLE : PublisherTrace.State.COMMITTING;
  }

  /// Whether every request that came is answered.
  boolean isSettled() {
    lock.lock();
    try {
      return count == 0;
    } finally {
      lock.unlock();
    }
  }
}
