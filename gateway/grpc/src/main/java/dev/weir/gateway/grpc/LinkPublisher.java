package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.broker.explain.OpenPublisher;
import dev.weir.broker.explain.PublisherTrace;
import dev.weir.broker.explain.PublisherTrace.State;
import dev.weir.broker.explain.Publishers;
import dev.weir.link.LinkDictionaries;
import dev.weir.link.LinkStore;
import dev.weir.link.StoreListener;
import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.StoredLane;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/// A store as one link uses it, which knows what of it is under way: for who asks why.
///
/// Threads: the link's event loop offers; outcomes and questions come from any.
final class LinkPublisher implements LinkStore, OpenPublisher {
  private final LinkStore store;
  private final String origin;
  private final Publishers publishers;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean isWaiting;
  private volatile String topic = "";

  /// @param origin where its client is, `HOST:PORT`; empty when that is not known
  /// @param publishers among which it stands until it is closed
  LinkPublisher(LinkStore store, String origin, Publishers publishers) {
    this.store = store;
    this.origin = origin;
    this.publishers = publishers;
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstUnacked) {
    return store.resumeLane(source, lane, firstUnacked);
  }

  @Override
  public boolean offer(
      BatchSource source,
      int lane,
      long sequence,
      int crc32c,
      Batch batch,
      StoreListener listener) {
    Offered offered = new Offered(batch.count(), batch.weight(), listener);
    boolean isTaken =
        offered.counted(() -> store.offer(source, lane, sequence, crc32c, batch, offered));
    if (!isTaken) {
      topic = topic(batch);
    }
    return isTaken;
  }

  /// Only looked at when the batch has to wait.
  private static String topic(Batch batch) {
    try {
      List<String> topics = BatchHeader.decode(batch.header()).topics();
      return topics.isEmpty() ? "" : topics.getFirst();
    } catch (WeirException _) {
      return ""; // It will be refused for that.
    }
  }

  @Override
  public boolean offer(Message message, StoreListener listener) {
    topic = message.topic();
    Offered offered = new Offered(1, message.body().length(), listener);
    return offered.counted(() -> store.offer(message, offered));
  }

  /// One offer, counted until its outcome.
  private final class Offered implements StoreListener {
    private final int messages;
    private final long weight;
    private final StoreListener listener;

    Offered(int messages, long weight, StoreListener listener) {
      this.messages = messages;
      this.weight = weight;
      this.listener = listener;
    }

    /// Counts first: the outcome may come before the offer returns.
    boolean counted(BooleanSupplier offering) {
      count(messages, weight);
      boolean isTaken = offering.getAsBoolean();
      isWaiting = !isTaken;
      if (!isTaken) {
        count(-messages, -weight);
      }
      return isTaken;
    }

    private void count(int moreMessages, long moreBytes) {
      unanswered.addAndGet(moreMessages);
      bytes.addAndGet(moreBytes);
    }

    @Override
    public void stored(
        String stream,
        int partition,
        long baseOffset,
        boolean isDuplicate,
        long commitMicros,
        long queueMicros) {
      count(-messages, -weight);
      listener.stored(stream, partition, baseOffset, isDuplicate, commitMicros, queueMicros);
    }

    @Override
    public void failed(WeirException cause) {
      count(-messages, -weight);
      listener.failed(cause);
    }
  }

  @Override
  public LinkDictionaries dictionaries() {
    return store.dictionaries();
  }

  @Override
  public void closed() {
    publishers.remove(this);
  }

  @Override
  public void onRoom(Runnable retry) {
    store.onRoom(retry);
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public PublisherTrace trace() {
    int waiting = unanswered.get();
    State state = waiting == 0 ? State.IDLE : State.COMMITTING;
    return new PublisherTrace(
        "link", topic, waiting, bytes.get(), isWaiting ? State.FULL : state, List.of());
  }
}
