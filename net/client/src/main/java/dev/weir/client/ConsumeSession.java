package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.ConsumeRequest;
import dev.weir.proto.v1.ConsumeResponse;
import dev.weir.proto.v1.ConsumerOpening;
import dev.weir.proto.v1.QueueDelivery;
import dev.weir.proto.v1.Settled;
import dev.weir.proto.v1.Settlement;
import io.grpc.CallOptions;
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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One `Consume` call of a [QueueConsumer], and the settlements that wait for its answers.
///
/// Answers come on the client's event loop; anyone settles. The lock keeps the requests in order
/// and is not held while a future completes.
final class ConsumeSession extends ClientCall.Listener<ConsumeResponse> implements Redial.Call {
  private final QueueConsumer consumer;
  private final ConsumeOptions options;
  private final ReentrantLock lock = new ReentrantLock();

  /// By lease; extensions may wait in front of what settles.
  private final Map<Long, ArrayDeque<CompletableFuture<Void>>> waiting = new HashMap<>();

  private @Nullable ClientCall<ConsumeRequest, ConsumeResponse> call;
  private boolean isHalfClosed;
  private volatile boolean isOver;

  ConsumeSession(QueueConsumer consumer, ConsumeOptions options) {
    this.consumer = consumer;
    this.options = options;
  }

  @Override
  public void start(ManagedChannel channel) {
    ClientCall<ConsumeRequest, ConsumeResponse> started =
        channel.newCall(BrokerGrpc.getConsumeMethod(), CallOptions.DEFAULT);
    started.start(this, new Metadata());
    started.request(1);
    ConsumerOpening opening =
        ConsumerOpening.newBuilder()
            .setQueue(options.queue())
            .setPrefetch(consumer.prefetch())
            .build();
    lock.lock();
    try {
      call = started;
      if (isOver) {
        started.cancel("the consumer was closed", null);
      } else {
        started.sendMessage(ConsumeRequest.newBuilder().setOpen(opening).build());
      }
    } finally {
      lock.unlock();
    }
  }

  void prefetch(int messages) {
    lock.lock();
    try {
      send(ConsumeRequest.newBuilder().setPrefetch(messages).build());
    } finally {
      lock.unlock();
    }
  }

  /// Everything that was held is settled: the server ends the call once that is durable.
  void finish() {
    lock.lock();
    try {
      if (call != null && !isOver && !isHalfClosed) {
        isHalfClosed = true;
        call.halfClose();
      }
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<Void> settle(Settlement.Builder settlement) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (!isOver && !isHalfClosed) {
        waiting.computeIfAbsent(settlement.getLease(), _ -> new ArrayDeque<>()).add(answer);
        send(ConsumeRequest.newBuilder().setSettle(settlement).build());
        return answer;
      }
    } finally {
      lock.unlock();
    }
    answer.completeExceptionally(
        new WeirException(
            ErrorCode.LEASE_OVER,
            "The connection on which the message came is gone; it goes to another consumer."));
    return answer;
  }

  private void send(ConsumeRequest request) {
    if (call != null && !isOver && !isHalfClosed) {
      call.sendMessage(request);
    }
  }

  boolean isOver() {
    return isOver;
  }

  @Override
  public void onMessage(ConsumeResponse response) {
    try {
      switch (response.getResponseCase()) {
        case OPENED -> consumer.onOpened(this);
        case DELIVERY -> deliver(response.getDelivery());
        case SETTLED -> onSettled(response.getSettled());
        case FAILED -> consumer.onFailed(this, Refusals.of(response.getFailed()));
        case RESPONSE_NOT_SET -> {} // A later version's answer.
      }
    } catch (WeirException | IllegalArgumentException e) {
      consumer.onFailed(
          this,
          new WeirException(
              ErrorCode.MALFORMED, "The server's answer is impossible: " + e.getMessage(), e));
    }
    readOn();
  }

  private void deliver(QueueDelivery delivery) {
    consumer.onDelivery(
        new HeldMessage(
            this,
            delivery.getLease(),
            delivery.getUntilMicros(),
            QueueWords.queued(delivery.getQueued())));
  }

  private void onSettled(Settled settled) {
    CompletableFuture<Void> answer;
    lock.lock();
    try {
      ArrayDeque<CompletableFuture<Void>> line = waiting.get(settled.getLease());
      answer = line == null ? null : line.poll();
      if (line != null && line.isEmpty()) {
        waiting.remove(settled.getLease());
      }
    } finally {
      lock.unlock();
    }
    if (answer == null) {
      return;
    }
    consumer.tell(() -> {
      if (settled.hasFailure()) {
        answer.completeExceptionally(Refusals.of(settled.getFailure()));
      } else {
        answer.complete(null);
      }
    });
  }

  private void readOn() {
    ClientCall<ConsumeRequest, ConsumeResponse> open;
    lock.lock();
    try {
      open = call;
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.request(1);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end();
    consumer.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    ClientCall<ConsumeRequest, ConsumeResponse> open = end();
    if (open != null) {
      open.cancel("the consumer left the call", null);
    }
  }

  /// Whoever waits for an answer does not get it any more.
  private @Nullable ClientCall<ConsumeRequest, ConsumeResponse> end() {
    List<CompletableFuture<Void>> lost = new ArrayList<>();
    ClientCall<ConsumeRequest, ConsumeResponse> open;
    lock.lock();
    try {
      isOver = true;
      open = call;
      waiting.values().forEach(lost::addAll);
      waiting.clear();
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
    return open;
  }
}
