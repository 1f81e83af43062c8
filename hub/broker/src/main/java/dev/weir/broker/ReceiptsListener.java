package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Receipt;

/// Told what became of messages that were published side by side, by their indexes: of each once,
/// in any order, in runs of neighbours. Runs on the engine's thread or on the publisher's own,
/// within the publish: it must be quick and must not block.
public interface ReceiptsListener {
  /// They are durable.
  ///
  /// @param first index of the first of them
  /// @param receipt of the first; the others stand at the offsets behind it
  void stored(int first, int count, Receipt receipt);

  /// They are not stored.
  ///
  /// @param first index of the first of them
  void failed(int first, int count, WeirException cause);
}
