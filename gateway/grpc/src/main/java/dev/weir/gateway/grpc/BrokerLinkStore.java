package dev.weir.gateway.grpc;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.DictionaryShelf;
import dev.weir.broker.LaneSequence;
import dev.weir.broker.PublishListener;
import dev.weir.broker.PublishRequest;
import dev.weir.link.LinkDictionaries;
import dev.weir.link.LinkStore;
import dev.weir.link.StoreListener;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.StoredLane;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Stores what links bring in a broker.
///
/// The broker tells that there may be room after each refusal. A link asks for that after it was
/// refused, so the news may come in between: refusals therefore note how much news there had been
/// before them, and asking after older news is answered at once.
///
/// Any thread may call it.
public final class BrokerLinkStore implements LinkStore {
  private final Broker broker;
  private final Clock clock;
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong news = new AtomicLong();
  private final AtomicLong newsAtRefusal = new AtomicLong();

  public BrokerLinkStore(Broker broker, Clock clock) {
    this.broker = broker;
    this.clock = clock;
    broker.onRoom(this::tellRoom);
  }

  /// As the client of a stream uses it, which is told to who asks why.
  @Override
  public LinkStore opened() {
    LinkPublisher link = new LinkPublisher(this, CallOrigin.current(), broker.publishers());
    broker.publishers().add(link);
    return link;
  }

  /// A store as the client of a stream uses it that is no call of gRPC.
  ///
  /// @param origin where the client is, `HOST:PORT`
  public static LinkStore openedAt(LinkStore store, String origin) {
    return CallOrigin.at(origin, store::opened);
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstUnacked) {
    return broker.resumeLane(source, lane, firstUnacked);
  }

  @Override
  public boolean offer(
      BatchSource source,
      int lane,
      long sequence,
      int crc32c,
      Batch batch,
      StoreListener listener) {
    LaneSequence identity = new LaneSequence(source, lane, sequence, crc32c);
    return offer(PublishRequest.of(batch, identity), listener);
  }

  @Override
  public boolean offer(Message message, StoreListener listener) {
    return offer(PublishRequest.of(message, clock.epochMicros()), listener);
  }

  private boolean offer(PublishRequest request, StoreListener listener) {
    long known = news.get();
    boolean isTaken = broker.offer(request, new ToLink(listener));
    if (!isTaken) {
      newsAtRefusal.set(known);
    }
    return isTaken;
  }

  @Override
  public LinkDictionaries dictionaries() {
    return new Shelf(broker.dictionaries());
  }

  @Override
  public void onRoom(Runnable retry) {
    waiting.add(retry);
    if (news.get() != newsAtRefusal.get()) {
      runWaiting();
    }
  }

  private void tellRoom() {
    news.incrementAndGet();
    runWaiting();
  }

  /// Runs those who wait now, not those who wait again.
  private void runWaiting() {
    for (int left = waiting.size(); left > 0; left--) {
      @Nullable Runnable retry = waiting.poll();
      if (retry == null) {
        return;
      }
      retry.run();
    }
  }

  /// The broker's shelf in the words of the link.
  private record Shelf(DictionaryShelf shelf) implements LinkDictionaries {
    @Override
    public Optional<Dictionary> find(int id) {
      return shelf.find(id);
    }

    @Override
    public CompletionStage<Void> keep(Dictionary dictionary, String dataClass) {
      return shelf.keep(dictionary, dataClass);
    }

    @Override
    public List<Offer> recent() {
      return shelf.recent().stream()
          .map(shelved -> new Offer(shelved.dictionary(), shelved.dataClass()))
          .toList();
    }
  }

  /// An outcome in the words of the link.
  private record ToLink(StoreListener listener) implements PublishListener {
    @Override
    public void stored(Receipt receipt, long commitMicros, long queueMicros) {
      listener.stored(
          receipt.position().stream(),
          receipt.position().partition(),
          receipt.position().offset(),
          receipt.isDuplicate(),
          commitMicros,
          queueMicros);
    }

    @Override
    public void failed(WeirException cause) {
      listener.failed(cause);
    }
  }
}
