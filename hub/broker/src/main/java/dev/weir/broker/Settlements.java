package dev.weir.broker;

import dev.weir.base.WeirException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What several settlements came to.
///
/// @param refused by index, why those that do not hold do not
/// @param durable completes once the others are durable; fails when they are not
public record Settlements(Map<Integer, WeirException> refused, CompletionStage<Void> durable) {
  /// None holds.
  public static Settlements refused(int count, WeirException cause) {
    Map<Integer, WeirException> all = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      all.put(i, cause);
    }
    return new Settlements(all, CompletableFuture.completedStage(null));
  }
}
