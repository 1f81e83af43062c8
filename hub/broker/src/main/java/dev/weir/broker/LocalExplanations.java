package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.direct.LocalQueues;
import dev.weir.broker.explain.ClientTrace;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.MessageSearch;
import dev.weir.broker.explain.MessageTrace;
import dev.weir.broker.explain.MessageTrace.Fate;
import dev.weir.broker.explain.MessageTrace.Retained;
import dev.weir.broker.explain.RequestTrace;
import dev.weir.broker.explain.ResponderTrace;
import dev.weir.broker.explain.SubscriptionTrace;
import dev.weir.broker.retained.RetainedKeeper;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Retain;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Why messages were or were not delivered, in this process. Reads the log; any thread.
final class LocalExplanations implements Explanations {
  private static final int MAX_FOUND = 10;
  private static final int MAX_SUBSCRIPTIONS = 1_000;

  private final Engine engine;
  private final Tail tail;
  private final RetainedKeeper retained;
  private final LocalQueues queues;
  private final ClientTraces clients;

  LocalExplanations(
      Engine engine, Tail tail, RetainedKeeper retained, LocalQueues queues, ClientTraces clients) {
    this.engine = engine;
    this.tail = tail;
    this.retained = retained;
    this.queues = queues;
    this.clients = clients;
  }

  /// A message with its time.
  private record Found(Message message, long storedMicros) {}

  @Override
  public String stream() {
    return engine.stream();
  }

  @Override
  public MessageTrace message(Position position) throws IOException {
    check(position);
    int partition = position.partition();
    if (position.offset() >= engine.endOffset(partition)) {
      return nothing(position, Fate.NOT_YET);
    }
    Found found = read(partition, position.offset());
    if (found == null) {
      boolean isRemoved = position.offset() < engine.firstOffset(partition);
      return nothing(position, isRemoved ? Fate.REMOVED : Fate.DAMAGED);
    }
    String topic = found.message().topic();
    List<SubscriptionTrace> subscriptions = new ArrayList<>();
    for (LocalSubscription subscription : tail.subscriptions()) {
      if (!subscription.isInternal() && SharedBatch.matches(subscription.filters(), topic)) {
        subscriptions.add(subscription.trace(partition, position.offset()));
      }
    }
    boolean isComplete = subscriptions.size() <= MAX_SUBSCRIPTIONS;
    long ttlMillis = found.message().ttl().toMillis();
    return new MessageTrace(
        position,
        Fate.STORED,
        Optional.of(found.message()),
        found.storedMicros(),
        ttlMillis == 0 ? 0 : found.storedMicros() + TimeUnit.MILLISECONDS.toMicros(ttlMillis),
        retained(found.message(), position),
        isComplete ? subscriptions : subscriptions.subList(0, MAX_SUBSCRIPTIONS),
        isComplete,
        queues.traces(partition, position.offset(), topic));
  }

  private void check(Position position) {
    boolean isKnown =
        position.stream().equals(engine.stream()) && position.partition() < engine.partitions();
    if (!isKnown) {
      throw new WeirException(
          ErrorCode.INVALID_CURSOR,
          "There is no place %s: the stream is %s with %d partitions."
              .formatted(position, engine.stream(), engine.partitions()));
    }
  }

  /// Queues may hold on to what retention took.
  private MessageTrace nothing(Position position, Fate fate) {
    return new MessageTrace(
        position,
        fate,
        Optional.empty(),
        0,
        0,
        Retained.NOT_ASKED,
        List.of(),
        true,
        queues.traces(position.partition(), position.offset(), ""));
  }

  private @Nullable Found read(int partition, long offset) throws IOException {
    try (EngineReader reader = engine.reader(partition, offset, _ -> true)) {
      for (StoredEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof StoredGap gap && gap.toOffset() > offset) {
          return null;
        }
        if (event instanceof StoredBatch batch && batch.endOffset() > offset) {
          return batch.baseOffset() > offset ? null : decode(batch, offset);
        }
      }
    }
    return null;
  }

  private static @Nullable Found decode(StoredBatch batch, long offset) {
    try {
      Message message = new SharedBatch(batch).messages().get((int) (offset - batch.baseOffset()));
      return new Found(message, batch.storedMicros());
    } catch (WeirException _) {
      return null; // Damaged.
    }
  }

  private Retained retained(Message message, Position position) throws IOException {
    if (!Retain.isAsked(message) || message.topic().startsWith("$")) {
      return Retained.NOT_ASKED;
    }
    if (message.body().isEmpty()) {
      return Retained.CLEARING;
    }
    try {
      List<RetainedMessage> kept =
          retained.page(List.of(TopicFilter.parse(message.topic())), "", 1).messages();
      boolean isKept = !kept.isEmpty() && kept.getFirst().position().equals(position);
      return isKept ? Retained.KEPT : Retained.REPLACED;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Retained.REPLACED;
    }
  }

  @Override
  public List<Position> find(MessageSearch search) throws IOException {
    List<Place> found = new ArrayList<>();
    for (int partition = 0; partition < engine.partitions(); partition++) {
      found.addAll(find(search, partition));
    }
    return found.stream()
        .sorted(Comparator.comparingLong(Place::storedMicros).reversed())
        .limit(MAX_FOUND)
        .map(Place::position)
        .toList();
  }

  /// Where a message stands, and since when.
  private record Place(Position position, long storedMicros) {}

  private Deque<Place> find(MessageSearch search, int partition) throws IOException {
    long end = engine.endOffset(partition);
    long from = Math.max(engine.firstOffset(partition), end - search.within());
    Deque<Place> newest = new ArrayDeque<>();
    try (EngineReader reader = engine.reader(partition, from, search.filter())) {
      for (StoredEvent event = reader.next(); event != null; event = reader.next()) {
        if (event instanceof StoredBatch batch) {
          collect(search, batch, newest);
          if (batch.endOffset() >= end) {
            return newest;
          }
        }
      }
    }
    return newest;
  }

  private void collect(MessageSearch search, StoredBatch batch, Deque<Place> newest) {
    if (!SharedBatch.matches(search.filter(), batch.topics())) {
      return;
    }
    List<Message> messages;
    try {
      messages = new SharedBatch(batch).messages();
    } catch (WeirException _) {
      return; // Damaged: nothing can be found in it.
    }
    for (int i = 0; i < messages.size(); i++) {
      if (isWanted(search, messages.get(i))) {
        if (newest.size() == MAX_FOUND) {
          newest.removeLast();
        }
        Position position =
            new Position(engine.stream(), batch.partition(), batch.baseOffset() + i);
        newest.addFirst(new Place(position, batch.storedMicros()));
      }
    }
  }

  private static boolean isWanted(MessageSearch search, Message message) {
    return isWanted(search.id(), message.id())
        && isWanted(search.key(), message.key())
        && search.filter().test(message.topic());
  }

  private static boolean isWanted(Bytes wanted, Bytes actual) {
    return wanted.isEmpty() || wanted.equals(actual);
  }

  @Override
  public List<RequestTrace> requests(TopicFilter filter, Bytes id, Bytes key) {
    return clients.requests(
        request ->
            filter.test(request.topic())
                && isWanted(id, request.id())
                && isWanted(key, request.key()),
        MAX_FOUND);
  }

  @Override
  public List<ResponderTrace> responders(String topic) {
    return clients.responders(topic);
  }

  @Override
  public ClientTrace client(String origin) {
    return clients.client(origin);
  }
}
