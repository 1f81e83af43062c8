package dev.weir.gateway.web.rest;

import dev.weir.base.WeirException;
import dev.weir.broker.ReceiptsListener;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// What becomes of messages that are published side by side, one by one for who waits for them.
///
/// @param each by the message's index
record Outcomes(List<CompletableFuture<Receipt>> each) implements ReceiptsListener {
  static Outcomes of(int count) {
    return new Outcomes(Stream.generate(CompletableFuture<Receipt>::new).limit(count).toList());
  }

  @Override
  public void stored(int first, int count, Receipt receipt) {
    Position place = receipt.position();
    for (int i = 0; i < count; i++) {
      Position own = new Position(place.stream(), place.partition(), place.offset() + i);
      each.get(first + i).complete(new Receipt(receipt.durability(), own, receipt.isDuplicate()));
    }
  }

  @Override
  public void failed(int first, int count, WeirException cause) {
    each.subList(first, first + count).forEach(outcome -> outcome.completeExceptionally(cause));
  }
}
