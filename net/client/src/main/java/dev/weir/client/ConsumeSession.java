package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.TurnEnd;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpened;
import dev.weir.proto.v1.ConsumerOpening;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.Settlement;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One `Consume` call of a [QueueConsumer], and the settlements that wait for its answers.
///
/// Anyone settles; what was settled goes out at the end of the event loop's turn, in one request to
/// a server that takes several. Answers come on that loop. The lock keeps the requests in order and
/// is not held while a future completes.
final class ConsumeSession extends ClientCall.Listener<ConsumeResponse> implements Redial.Call {
  /// Of one request, of some 10 bytes each.
  private static final int MAX_SETTLEMENTS = 1 << 12;

  /// Somebody who waits for an answer; extensions may wait in front of what settles.
  private record Waiting(CompletableFuture<Void> answer, @Nullable Waiting next) {}

  private final QueueConsumer consumer;
  private final ConsumeOptions options;
  private final TurnEnd sending;
  private final Dialogue<ConsumeRequest, ConsumeResponse> dialogue =
      new Dialogue<>(BrokerGrpc.getConsumeMethod(), "the consumer");
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private final ArrayDeque<Settlement> settlements = new ArrayDeque<>();
  private final ArrayDeque<Long> acked = new ArrayDeque<>();
  private boolean isGathering;
  private boolean isFinished;
  private volatile boolean isOver;

  /// @param loop where the call runs
  ConsumeSession(QueueConsumer consumer, ConsumeOptions options, Executor loop) {
    this.consumer = consumer;
    this.options = options;
    this.sending = new TurnEnd(loop, this::sendSettlements);
  }

  @Override
  public void start(ManagedChannel channel) {
    ConsumerOpening opening =
        ConsumerOpening.newBuilder()
            .setQueue(options.queue())
            .setPrefetch(consumer.prefetch())
            .setGathers(true)
            .build();
    dialogue.start(channel, this, ConsumeRequest.newBuilder().setOpen(opening).build());
  }

  void prefetch(int messages) {
    dialogue.send(ConsumeRequest.newBuilder().setPrefetch(messages).build());
  }

  /// Everything that was held is settled: the server ends the call once that is durable.
  void finish() {
    lock.lock();
    try {
      if (!isOver && !isFinished) {
        sendSettlements();
        isFinished = true;
        var _ = dialogue.finish();
      }
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<Void> ack(long lease) {
    return settle(lease, () -> acked.add(lease));
  }

  CompletableFuture<Void> settle(Settlement settlement) {
    return settle(settlement.getLease(), () -> settlements.add(settlement));
  }

  /// @param asking what puts it among those to be sent
  private CompletableFuture<Void> settle(long lease, Runnable asking) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    boolean isTaken;
    lock.lock();
    try {
      isTaken = !isOver && !isFinished;
      if (isTaken) {
        waiting.merge(lease, new Waiting(answer, null), ConsumeSession::behind);
        asking.run();
      }
    } finally {
      lock.unlock();
    }
    if (isTaken) {
      sending.ask();
    } else {
      answer.completeExceptionally(
          new WeirException(
              ErrorCode.LEASE_OVER,
              "The connection on which the message came is gone; it goes to another consumer."));
    }
    return answer;
  }

  private static Waiting behind(Waiting first, Waiting last) {
    Waiting next = first.next();
    return new Waiting(first.answer(), next == null ? last : behind(next, last));
  }

  /// The end of a turn. What is not an ack goes first: a message may have been extended and then
  /// acked, never the reverse.
  private void sendSettlements() {
    lock.lock();
    try {
      while (!settlements.isEmpty() || !acked.isEmpty()) {
        dialogue.send(isGathering ? several() : single());
      }
    } finally {
      lock.unlock();
    }
  }

  private ConsumeRequest single() {
    Settlement first = settlements.poll();
    return ConsumeRequest.newBuilder()
        .setSettle(
            first != null
                ? first
                : Settlement.newBuilder()
                    .setLease(acked.remove())
                    .setAck(Settlement.Ack.getDefaultInstance())
                    .build())
        .build();
  }

  private ConsumeRequest several() {
    dev.weir.proto.v1.Settlements.Builder several = dev.weir.proto.v1.Settlements.newBuilder();
    int count = 0;
    for (; count < MAX_SETTLEMENTS && !settlements.isEmpty(); count++) {
      several.addSettlements(settlements.remove());
    }
    for (; count < MAX_SETTLEMENTS && !acked.isEmpty(); count++) {
      several.addAcked(acked.remove());
    }
    return ConsumeRequest.newBuilder().setSettleSeveral(several).build();
  }

  boolean isOver() {
    return isOver;
  }

  @Override
  public void onMessage(ConsumeResponse response) {
    try {
      switch (response.getResponseCase()) {
        case OPENED -> onOpened(response.getOpened());
        case DELIVERY -> deliver(List.of(response.getDelivery()));
        case DELIVERIES -> deliver(response.getDeliveries().getDeliveriesList());
        case SETTLED -> onSettled(List.of(response.getSettled()), List.of());
        case SETTLED_SEVERAL ->
            onSettled(
                response.getSettledSeveral().getSettledList(),
                response.getSettledSeveral().getDurableList());
        case FAILED -> consumer.onFailed(this, Refusals.of(response.getFailed()));
        case RESPONSE_NOT_SET -> {} // A later version's answer.
      }
    } catch (WeirException | IllegalArgumentException e) {
      consumer.onFailed(
          this,
          new WeirException(
              ErrorCode.MALFORMED, "The server's answer is impossible: " + e.getMessage(), e));
    }
    dialogue.readOn();
  }

  private void onOpened(ConsumerOpened opened) {
    lock.lock();
    try {
      isGathering = opened.getGathers();
    } finally {
      lock.unlock();
    }
    consumer.onOpened(this);
  }

  private void deliver(List<QueueDelivery> deliveries) {
    List<HeldMessage> held = new ArrayList<>(deliveries.size());
    for (QueueDelivery delivery : deliveries) {
      held.add(
          new HeldMessage(
              this,
              delivery.getLease(),
              delivery.getUntilMicros(),
              QueueWords.queued(delivery.getQueued())));
    }
    consumer.onDeliveries(this, held);
  }

  private void onSettled(List<Settled> settled, List<Long> durable) {
    List<Runnable> told = new ArrayList<>(settled.size() + durable.size());
    lock.lock();
    try {
      for (Settled each : settled) {
        CompletableFuture<Void> answer = answered(each.getLease());
        if (answer != null && each.hasFailure()) {
          told.add(() -> answer.completeExceptionally(Refusals.of(each.getFailure())));
        } else if (answer != null) {
          told.add(() -> answer.complete(null));
        }
      }
      for (long lease : durable) {
        CompletableFuture<Void> answer = answered(lease);
        if (answer != null) {
          told.add(() -> answer.complete(null));
        }
      }
    } finally {
      lock.unlock();
    }
    if (!told.isEmpty()) {
      consumer.tell(() -> told.forEach(Runnable::run));
    }
  }

  private @Nullable CompletableFuture<Void> answered(long lease) {
    Waiting first = waiting.remove(lease);
    if (first == null) {
      return null;
    }
    if (first.next() != null) {
      waiting.put(lease, first.next());
    }
    return first.answer();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    dialogue.closed();
    end();
    consumer.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    end();
    dialogue.cancel();
  }

  /// Whoever waits for an answer does not get it any more.
  private void end() {
    List<CompletableFuture<Void>> lost = new ArrayList<>();
    lock.lock();
    try {
      isOver = true;
      for (Waiting first : waiting.values()) {
        for (Waiting each = first; each != null; each = each.next()) {
          lost.add(each.answer());
        }
      }
      waiting.clear();
      settlements.clear();
      acked.clear();
    } finally {
      lock.unlock();
    }
    if (!lost.isEmpty()) {
      WeirException cause =
          new WeirException(
              ErrorCode.CONNECTION_LOST,
              "The answer was lost: the message may be handed out again.");
      consumer.tell(() -> lost.forEach(each -> each.completeExceptionally(cause)));
    }
  }
}
