package dev.weir.client;

import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.ListRetainedRequest;
import dev.weir.proto.v1.ListRetainedResponse;
import dev.weir.proto.v1.PublishBatchRequest;
import dev.weir.proto.v1.PublishReceipt;
import dev.weir.proto.v1.RetainedMessage;
import dev.weir.proto.v1.TopicsGrpc.TopicsBlockingStub;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Supplier;

/// `weir.v1.Topics` for Java: pages of retained messages, and batches.
final class RetainedClient {
  private static final int PAGE = 256;

  private final Supplier<TopicsBlockingStub> stubs;

  /// @param stubs with a deadline each
  RetainedClient(Supplier<TopicsBlockingStub> stubs) {
    this.stubs = stubs;
  }

  /// All that match, a page in memory at a time.
  Iterable<Delivered> list(String filter) {
    return () -> new Pages(filter);
  }

  private ListRetainedResponse page(String filter, String after) {
    try {
      return stubs
          .get()
          .listRetained(
              ListRetainedRequest.newBuilder()
                  .setFilter(filter)
                  .setAfter(after)
                  .setLimit(PAGE)
                  .build());
    } catch (StatusRuntimeException e) {
      throw Refusals.of(e);
    }
  }

  Receipt publishTogether(List<Message> messages) {
    PublishBatchRequest.Builder request = PublishBatchRequest.newBuilder();
    messages.forEach(message -> request.addMessages(QueueWords.message(message)));
    try {
      return receipt(stubs.get().publishBatch(request.build()).getReceipt());
    } catch (StatusRuntimeException e) {
      throw Refusals.of(e);
    }
  }

  private static Receipt receipt(PublishReceipt receipt) {
    return new Receipt(
        switch (receipt.getDurability()) {
          case RECEIPT_DURABILITY_REPLICATED -> Durability.REPLICATED;
          case RECEIPT_DURABILITY_DURABLE -> Durability.DURABLE;
          default -> Durability.RECEIVED;
        },
        new Position(receipt.getStream(), receipt.getPartition(), receipt.getOffset()),
        receipt.getIsDuplicate());
  }

  private static Delivered delivered(RetainedMessage kept) {
    return new Delivered(
        QueueWords.message(kept.getMessage()),
        new Position(kept.getStream(), kept.getPartition(), kept.getOffset()),
        kept.getStoredMicros(),
        0,
        List.of());
  }

  private final class Pages implements Iterator<Delivered> {
    private final String filter;
    private final Queue<Delivered> ready = new ArrayDeque<>();
    private String after = "";
    private boolean isLast;

    Pages(String filter) {
      this.filter = filter;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && !isLast) {
        ListRetainedResponse page = page(filter, after);
        after = page.getAfter();
        isLast = after.isEmpty();
        page.getMessagesList().forEach(kept -> ready.add(delivered(kept)));
      }
      return !ready.isEmpty();
    }

    @Override
    public Delivered next() {
      if (!hasNext()) {
        throw new NoSuchElementException("There are no more retained messages.");
      }
      return ready.remove();
    }
  }
}
