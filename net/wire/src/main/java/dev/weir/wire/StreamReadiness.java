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

  /// Tells an owner that waits, if it may send again. The loop only.
  void check() {
    if (isMarked && holds() && stream.state().canSend()) {
      isMarked = false;
      stream.handler().onReady(stream);
    }
  }
}
