package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A batch that is still growing, with those who wait for it. Guarded by the outbox's lock until it
/// is sealed.
final class OpenBatch {
  /// Smaller ones gain nothing that the frame around them does not outweigh.
  private static final int MIN_COMPRESSED_BYTES = 512;

  private final BatchBuilder builder;
  private List<@Nullable Pending> waiting = new ArrayList<>();

  OpenBatch(int maxBytes) {
    this.builder = new BatchBuilder(maxBytes);
  }

  boolean isEmpty() {
    return builder.isEmpty();
  }

  /// Raw bytes, which is what it counts in the window.
  int length() {
    return builder.length();
  }

  /// @param pending who waits for the receipt; null for nobody
  /// @return false when it is too full
  boolean add(Message message, @Nullable Pending pending) {
    if (!builder.add(message)) {
      return false;
    }
    waiting.add(pending);
    return true;
  }

  /// Encodes it; it is empty afterwards and may be used again.
  SentBatch seal(int zstdLevel) {
    int raw = builder.length();
    Batch batch = builder.build(raw < MIN_COMPRESSED_BYTES ? 0 : zstdLevel, Bytes.EMPTY);
    SentBatch sealed = new SentBatch(batch, raw, waiting);
    waiting = new ArrayList<>(batch.count());
    return sealed;
  }
}
