package dev.weir.gateway.grpc;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// What one call says to its client, up to its last word, which is said once: whoever ends the call
/// first also cleans up behind it.
///
/// Any thread; the lock is held over what gRPC queues, and nothing else.
final class CallOutput<R> {
  private final StreamObserver<R> responses;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean isEnded;

  CallOutput(StreamObserver<R> responses) {
    this.responses = responses;
  }

  boolean isEnded() {
    lock.lock();
    try {
      return isEnded;
    } finally {
      lock.unlock();
    }
  }

  /// Says something, unless the last word is said.
  ///
  /// @return whether it was said
  boolean say(R response) {
    return sayAll(List.of(response));
  }

  /// Says one thing after the other, as [#say].
  boolean sayAll(List<R> several) {
    lock.lock();
    try {
      if (!isEnded) {
        several.forEach(responses::onNext);
      }
      return !isEnded;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the call behind a last word.
  ///
  /// @return whether it was this that ended it, as of all that follow
  boolean end(R lastWord) {
    return endWith(() -> {
      responses.onNext(lastWord);
      responses.onCompleted();
    });
  }

  /// Ends the call in order.
  boolean complete() {
    return endWith(responses::onCompleted);
  }

  /// Ends the call by a status.
  boolean fail(Throwable status) {
    return endWith(() -> responses.onError(status));
  }

  /// The client has gone, or hears of the end from gRPC.
  boolean cancel() {
    return endWith(() -> {});
  }

  private boolean endWith(Runnable lastWord) {
    lock.lock();
    try {
      if (isEnded) {
        return false;
      }
      isEnded = true;
      lastWord.run();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
