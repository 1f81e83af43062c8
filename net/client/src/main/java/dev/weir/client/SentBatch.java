package dev.weir.client;

import dev.weir.message.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch that may be on its way, kept until it is settled. The link's thread.
final class SentBatch {
  private final Batch batch;
  private final int rawBytes;
  private final List<@Nullable Pending> waiting;
  private boolean isRefused;

  /// @param rawBytes what it counts in the window
  /// @param waiting who waits for each message's receipt; null for nobody
  SentBatch(Batch batch, int rawBytes, List<@Nullable Pending> waiting) {
    this.batch = batch;
    this.rawBytes = rawBytes;
    this.waiting = waiting;
  }

  Batch batch() {
    return batch;
  }

  int rawBytes() {
    return rawBytes;
  }

  List<@Nullable Pending> waiting() {
    return waiting;
  }

  boolean isRefused() {
    return isRefused;
  }

  /// Notes that the core will never take it; the settlement that covers it is still to come.
  void refuse() {
    isRefused = true;
  }
}
