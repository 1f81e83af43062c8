package dev.weir.gateway.web.live;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.ReceiptsListener;
import dev.weir.broker.explain.OpenPublisher;
import dev.weir.broker.explain.PublisherTrace;
import dev.weir.broker.explain.PublisherTrace.State;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.gateway.web.rest.Receipts;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// What a socket publishes. The messages of one frame go side by side, each with an outcome of its
/// own.
///
/// Threads: the socket's, one frame at a time, adds; receipts come from the log's.
final class SocketPublishes implements OpenPublisher {
  /// Under way; beyond that the socket is not read.
  private static final int MAX_UNDER_WAY = 256;

  /// One that waits for its neighbours of the same frame.
  private record Gathered(Message message, String ref) {
    int bytes() {
      return message.body().length();
    }
  }

  private final Broker broker;
  private final SocketWriter writer;
  private final WebCounters counters;
  private final Receipts receipts;
  private final Semaphore room = new Semaphore(MAX_UNDER_WAY);
  private final AtomicLong bytes = new AtomicLong();
  private List<Gathered> gathered = new ArrayList<>();
  private boolean isKnown;
  private volatile String topic = "";
  private volatile boolean isClosed;

  SocketPublishes(Broker broker, SocketWriter writer, WebCounters counters, Receipts receipts) {
    this.broker = broker;
    this.writer = writer;
    this.counters = counters;
    this.receipts = receipts;
  }

  /// Takes one message: to a topic with the next [#flush], to a queue at once.
  void add(JsonFields fields, String ref) throws InterruptedException {
    Optional<String> queue = fields.text("queue");
    Gathered next = new Gathered(MessageJson.member(fields, queue.isEmpty() ? "" : "-"), ref);
    fields.noMore();
    becomeKnown();
    if (!room.tryAcquire()) {
      flush(); // What waits for room must not hold it.
      room.acquire();
    }
    if (!counters.tryHold(next.bytes())) {
      room.release();
      throw new WeirException(
          ErrorCode.OVERLOADED, "The messages that are being stored hold all the memory they may.");
    }
    bytes.addAndGet(next.bytes());
    if (queue.isPresent()) {
      flush();
      publish(next, queue.get());
    } else {
      topic = next.message().topic();
      gathered.add(next);
    }
  }

  /// Told to who asks from the first message on, so that thousands of idle sockets are not.
  private void becomeKnown() {
    if (!isKnown) {
      isKnown = true;
      broker.publishers().add(this);
      if (isClosed) {
        broker.publishers().remove(this);
      }
    }
  }

  private void publish(Gathered next, String queue) {
    outcome(next.message(), queue)
        .whenComplete((receipt, failure) -> {
          if (failure == null) {
            stored(next, receipt);
          } else {
            failed(next, Receipts.cause(failure));
          }
        });
  }

  private CompletionStage<Receipt> outcome(Message message, String queue) {
    try {
      return broker.queues().publish(queue, message);
    } catch (WeirException e) {
      return CompletableFuture.failedFuture(e); // There is no such queue.
    }
  }

  /// Publishes what was gathered.
  void flush() {
    if (gathered.isEmpty()) {
      return;
    }
    List<Gathered> all = gathered;
    gathered = new ArrayList<>();
    broker.publishEach(
        all.stream().map(Gathered::message).toList(),
        new ReceiptsListener() {
          @Override
          public void stored(int first, int count, Receipt receipt) {
            for (int i = 0; i < count; i++) {
              SocketPublishes.this.stored(all.get(first + i), receipt.behind(i));
            }
          }

          @Override
          public void failed(int first, int count, WeirException cause) {
            all.subList(first, first + count)
                .forEach(each -> SocketPublishes.this.failed(each, cause));
          }
        });
  }

  private void stored(Gathered one, Receipt receipt) {
    settled(one);
    counters.published(1);
    writer.send(writer.words().receipt(one.ref(), receipt, receipts.behind(receipt)));
  }

  private void failed(Gathered one, WeirException cause) {
    settled(one);
    counters.faultyFrame();
    writer.send(writer.words().error("", one.ref(), cause));
  }

  private void settled(Gathered one) {
    room.release();
    bytes.addAndGet(-one.bytes());
    counters.release(one.bytes());
  }

  @Override
  public String origin() {
    return writer.outlet().origin();
  }

  @Override
  public PublisherTrace trace() {
    int unanswered = MAX_UNDER_WAY - room.availablePermits();
    return new PublisherTrace(
        "websocket", topic, unanswered, bytes.get(), state(unanswered), List.of());
  }

  private State state(int unanswered) {
    if (!writer.outlet().hasRoom()) {
      return State.CLIENT_DOES_NOT_READ;
    }
    if (unanswered >= MAX_UNDER_WAY) {
      return State.FULL;
    }
    return unanswered == 0 ? State.IDLE : State.COMMITTING;
  }

  /// The connection is gone; what is under way is stored all the same. Idempotent.
  void close() {
    isClosed = true;
    broker.publishers().remove(this);
  }
}
