package dev.weir.client;

import dev.weir.message.Receipt;
import java.util.concurrent.CompletableFuture;

/// A message that waits for its receipt.
final class Pending extends CompletableFuture<Receipt> {
  private final boolean isPrivate;

  /// @param isPrivate whether nobody but a waiting thread holds it: it may then be completed on the
  ///   link's thread, because no foreign code runs there
  Pending(boolean isPrivate) {
    this.isPrivate = isPrivate;
  }

  boolean isPrivate() {
    return isPrivate;
  }
}
