package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.Settlement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A message that this consumer holds until it is settled, its lease ends, or the connection on
/// which it came is lost. Any thread may settle it, once.
///
/// A settlement belongs to its connection: it never goes over another one, where its lease might be
/// another's. Its future fails with a [WeirException] LEASE_OVER when the message is not held any
/// more, and with CONNECTION_LOST when the answer was lost: the message may then be handed out
/// again.
public final class HeldMessage {
  private static final int OVERHEAD_BYTES = 256;

  private final ConsumeSession session;
  private final long lease;
  private final long untilMicros;
  private final QueuedMessage queued;
  private final AtomicBoolean isSettled = new AtomicBoolean();

  HeldMessage(ConsumeSession session, long lease, long untilMicros, QueuedMessage queued) {
    this.session = session;
    this.lease = lease;
    this.untilMicros = untilMicros;
    this.queued = queued;
  }

  public QueuedMessage queued() {
    return queued;
  }

  /// The body as text.
  public String text() {
    return queued.text();
  }

  /// When the lease ends unless it is extended, microseconds since 1970.
  public long untilMicros() {
    return untilMicros;
  }

  /// It is dealt with.
  ///
  /// @return completes once that is durable: it is never handed out again
  public CompletableFuture<Void> ack() {
    return isSettled.compareAndSet(false, true) ? session.ack(lease) : over("is settled already");
  }

  /// It failed: to be handed out again after the queue's own wait.
  public CompletableFuture<Void> nack() {
    return settle(Settlement.newBuilder().setNack(Settlement.Nack.getDefaultInstance()));
  }

  /// It failed: to be handed out again after a time.
  public CompletableFuture<Void> nack(Duration delay) {
    Checks.argument(!delay.isNegative(), "delay is " + delay + ", expected zero or more");
    return settle(
        Settlement.newBuilder()
            .setNack(Settlement.Nack.newBuilder().setDelayMillis(delay.toMillis())));
  }

  /// It can never be dealt with: to the dead-letter queue.
  public CompletableFuture<Void> reject() {
    return settle(Settlement.newBuilder().setReject(Settlement.Reject.getDefaultInstance()));
  }

  /// More time is needed; it may be asked for again.
  ///
  /// @param time from now on, 1 ms to 7 days
  public CompletableFuture<Void> extend(Duration time) {
    Settlement.Extension extension =
        Settlement.Extension.newBuilder().setLeaseMillis(time.toMillis()).build();
    return isSettled.get()
        ? over("is settled already")
        : session.settle(Settlement.newBuilder().setLease(lease).setExtend(extension).build());
  }

  private CompletableFuture<Void> settle(Settlement.Builder settlement) {
    return isSettled.compareAndSet(false, true)
        ? session.settle(settlement.setLease(lease).build())
        : over("is settled already");
  }

  private CompletableFuture<Void> over(String why) {
    return CompletableFuture.failedFuture(
        new WeirException(
            ErrorCode.LEASE_OVER, "The message at " + queued.position() + " " + why + "."));
  }

  /// What it takes while it waits for a handler.
  int bytes() {
    return OVERHEAD_BYTES + queued.message().body().length();
  }

  boolean isSettled() {
    return isSettled.get();
  }

  /// Whether it went to others because its connection is gone.
  boolean isGone() {
    return session.isOver();
  }
}
