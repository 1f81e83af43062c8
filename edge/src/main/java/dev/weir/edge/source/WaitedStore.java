package dev.weir.edge.source;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Stores for senders who wait for the fsync. Each call blocks its own virtual thread.
public final class WaitedStore {
  /// How long a delivery waits for the batcher to take those before it: longer than it takes to
  /// compress and write what the intake holds, shorter than senders care.
  private static final Duration ROOM_WAIT = Duration.ofSeconds(1);

  private final Admission admission;
  private final Intake intake;
  private final SourceMeter meter;
  private final Duration ackTimeout;

  /// @param ackTimeout how long a sender waits for its fsync
  public WaitedStore(SourceContext context, SourceMeter meter, Duration ackTimeout) {
    this.admission = context.admission();
    this.intake = context.waitedFor();
    this.meter = meter;
    this.ackTimeout = ackTimeout;
  }

  /// Refuses, before any work is done, what could not be stored now.
  ///
  /// @throws WeirException with the reason why there is no room
  public void requireRoom() {
    Optional<WeirException> refusal = admission.refusal();
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  /// Returns when every message is on disk, and counts them.
  ///
  /// @throws WeirException with OVERLOADED or SPOOL_FULL when nothing was stored, TIMED_OUT when
  ///   the messages may still be stored, CONNECTION_LOST when the edge is being stopped
  public void store(List<Message> messages) throws InterruptedException {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    Delivery delivery = Delivery.of(messages, Map.of(), new Completion(durable));
    if (!intake.offer(delivery, ROOM_WAIT)) {
      throw intake.isClosed()
          ? new WeirException(ErrorCode.CONNECTION_LOST, "The edge is being stopped.")
          : new WeirException(ErrorCode.OVERLOADED, "The queue to the spool is full.");
    }
    try {
      durable.get(ackTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof WeirException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new WeirException(
          ErrorCode.TIMED_OUT,
          "The fsync did not come within "
              + ackTimeout.toMillis()
              + " ms; the messages may still be stored.",
          e);
    }
    Deliveries.count(meter, delivery);
  }

  private record Completion(CompletableFuture<Void> future) implements DeliveryListener {
    @Override
    public void durable() {
      future.complete(null);
    }

    @Override
    public void failed(WeirException cause) {
      future.completeExceptionally(cause);
    }
  }
}
