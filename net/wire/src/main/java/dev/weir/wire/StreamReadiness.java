package dev.weir.wire;

/// Whether a stream's owner should go on sending, and the promise to say so once it may again.
///
/// A sender that finds it false leaves a mark and looks again, as the queue may have emptied in
/// between; the loop calls the owner for a mark that it finds after something was sent.
final class StreamReadiness {
  /// Enough to fill the gap until more comes.
  private static final int READY_BYTES = 64 << 10;

  private final WireStream stream;
  private final Outbound outbound;

  /// Set by any thread, cleared by the loop.
  private volatile boolean isMarked;

  /// What a refused message needs: told before, its owner would offer it over and over.
  private volatile int refusedBytes;

  StreamReadiness(WireStream stream, Outbound outbound) {
    this.stream = stream;
    this.outbound = outbound;
  }

  boolean isReady() {
    if (holds()) {
      return true;
    }
    mark();
    return holds();
  }

  private boolean holds() {
    return stream.sender().queuedBytes() <= READY_BYTES && outbound.isBelowHalf();
  }

  /// The owner waits for [StreamHandler#onReady].
  void mark() {
    isMarked = true;
    outbound.markUnready();
  }

  /// The owner waits until a message of this size is taken. Any thread.
  void refuse(int bytes) {
    refusedBytes = bytes;
    mark();
  }

  /// Tells an owner that waits, if it may send again. The loop only.
  void check() {
    if (!isMarked || !stream.state().canSend()) {
      return;
    }
    if (refusedBytes > 0 && !outbound.hasRoomFor(refusedBytes)) {
      outbound.markUnready(); // What others send makes the room.
    } else if (holds()) {
      isMarked = false;
      refusedBytes = 0;
      stream.handler().onReady(stream);
    }
  }
}
