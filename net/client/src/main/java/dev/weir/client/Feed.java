package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.Backoff;
import dev.weir.message.Cursor;
import dev.weir.message.Dictionary;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.Gap;
import dev.weir.proto.v1.SubscribeRequest;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionDictionary;
import dev.weir.proto.v1.SubscriptionFailed;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One subscription over any number of calls.
///
/// The problem: calls end, by a restart, a network fault, a drain; whoever reads must notice
/// nothing of it, no message twice and none missing. The idea: what has been received stays in a
/// queue here, and the next call begins at the cursor behind the last message received; the
/// server's first answer says where even an empty subscription began.
///
/// Invariants: a message enters the queue once, in partition order; at most `allowed - received`
/// messages are under way; a full inbox stops reading from the network; once ended, nothing changes
/// any more.
///
/// Threads: calls answer on the client's event loop, readers take on theirs, attempts begin on the
/// timer; the lock guards everything here and is never held over a decode or a handler.
final class Feed {
  /// A reader is back within 5 s of its server.
  private static final Backoff BACKOFF = new Backoff(50_000_000L, 5_000_000_000L);

  /// A server that accepts a call and says nothing for this long is tried again.
  private static final int OPENING_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  private final SubscribeOptions options;
  private final Channels channels;
  private final ScheduledExecutorService timer;
  private final RandomGenerator random;
  private final Part part;
  private final Consumer<Feed> onEnded;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Inbox inbox = new Inbox();
  private long allowed;
  private long returned;
  private int target;
  private int attempt;
  private @Nullable FeedCall call;
  private boolean isEnded;
  private @Nullable WeirException failure;

  Feed(
      SubscribeOptions options,
      Channels channels,
      int firstTarget,
      ScheduledExecutorService timer,
      RandomGenerator random,
      StateListener states,
      Consumer<Feed> onEnded) {
    this.options = options;
    this.channels = channels;
    this.target = firstTarget;
    this.timer = timer;
    this.random = random;
    this.part = new Part(String.join(" ", options.filters()), states);
    this.onEnded = onEnded;
  }

  /// Begins the first call.
  ///
  /// @param allowedMessages what may be received until [#allow] says more
  void open(long allowedMessages) {
    allowed = allowedMessages;
    part.tell(new ClientState.Connecting());
    attempt();
  }

  private void attempt() {
    FeedCall next;
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      next = new FeedCall(this, inbox.received());
      call = next;
    } finally {
      lock.unlock();
    }
    ClientCall<SubscribeRequest, SubscribeResponse> started = next.start(channels.at(target));
    lock.lock();
    try {
      if (next == call) {
        next.open(started, inbox.opening(options, limit(next)));
      } else {
        started.cancel("the subscription was closed", null);
      }
    } finally {
      lock.unlock();
    }
    schedule(() -> onSilence(next), TimeUnit.SECONDS.toNanos(OPENING_SECONDS));
  }

  /// The credit of a call as the wire counts it. Under the lock.
  private long limit(FeedCall of) {
    return allowed + returned - of.receivedBefore();
  }

  /// Messages received twice must not use up credit.
  void returnCredit(int count) {
    lock.lock();
    try {
      returned += count;
      if (call != null) {
        call.credit(limit(call));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Lets more messages come.
  ///
  /// @param total messages that may be received in the feed's life; lower than before is ignored
  void allow(long total) {
    lock.lock();
    try {
      if (total > allowed) {
        allowed = total;
        if (call != null) {
          call.credit(limit(call));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes the next delivery, waiting for it.
  ///
  /// @param timeoutNanos the highest number for as long as it takes
  /// @return null when the time passed or the feed has ended and nothing is left
  @Nullable Chunk take(long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = timeoutNanos;
      while (inbox.isEmpty() && !isEnded && left > 0) {
        if (left == Long.MAX_VALUE) {
          changed.await(); // Without a timer: ten thousand may wait.
        } else {
          left = changed.awaitNanos(left);
        }
      }
      boolean wasFull = inbox.isFull();
      Chunk chunk = inbox.poll();
      if (wasFull && !inbox.isFull() && call != null) {
        call.readOn();
      }
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  /// Decodes what was taken; a batch that does not decode ends the feed.
  ///
  /// @throws WeirException when it does not decode
  List<Delivered> decode(Chunk chunk) {
    try {
      List<Delivered> delivered = chunk.decode();
      int repeated = chunk.delivery().getCount() - delivered.size();
      if (repeated > 0) {
        returnCredit(repeated);
      }
      return delivered;
    } catch (WeirException e) {
      end(e);
      throw e;
    }
  }

  /// Whether it has ended and nothing is left to take.
  boolean isDrained() {
    lock.lock();
    try {
      return isEnded && inbox.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Why it ended; null when it was closed or reached the tail.
  @Nullable WeirException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /// Ends it; what is queued is dropped.
  void close() {
    lock.lock();
    try {
      inbox.clear();
    } finally {
      lock.unlock();
    }
    end(null);
  }

  private void end(@Nullable WeirException cause) {
    lock.lock();
    try {
      if (isEnded) {
        return;
      }
      isEnded = true;
      failure = cause;
      if (call != null) {
        call.cancel();
      }
      call = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onEnded.accept(this);
    part.tell(
        cause == null
            ? new ClientState.Closed()
            : new ClientState.Halted(cause.code(), String.valueOf(cause.getMessage())));
  }

  /// An answer came.
  void onResponse(FeedCall of, SubscribeResponse response) {
    try {
      switch (response.getResponseCase()) {
        case OPENED -> onOpened(of, Cursor.parse(response.getOpened().getCursor()));
        case DELIVERY -> onDelivery(of, response.getDelivery());
        case DICTIONARY -> onDictionary(of, response.getDictionary());
        case GAP -> onGap(of, response.getGap());
        case RETAINED_END -> onRetainedEnd(of);
        case FAILED -> onFailed(of, response.getFailed());
        case RESPONSE_NOT_SET -> of.readOn(); // A later version's answer.
      }
    } catch (WeirException e) {
      endIfCurrent(of, e);
    } catch (IllegalArgumentException e) {
      endIfCurrent(
          of,
          new WeirException(
              ErrorCode.MALFORMED, "The server's answer is impossible: " + e.getMessage(), e));
    }
  }

  private void onOpened(FeedCall of, Cursor cursor) {
    lock.lock();
    try {
      if (of != call) {
        return;
      }
      inbox.begin(cursor);
      attempt = 0;
      of.opened();
      of.readOn();
    } finally {
      lock.unlock();
    }
    part.tell(new ClientState.Ready());
  }

  private void onDelivery(FeedCall of, Delivery delivery) {
    lock.lock();
    try {
      if (of != call) {
        return;
      }
      if (inbox.add(delivery)) {
        changed.signalAll();
      } else {
        returnCredit(delivery.getCount());
      }
      if (!inbox.isFull()) {
        of.readOn();
      }
    } finally {
      lock.unlock();
    }
  }

  private void onDictionary(FeedCall of, SubscriptionDictionary told) {
    Dictionary dictionary = Dictionary.of(Bytes.wrap(told.getContent().toByteArray()));
    lock.lock();
    try {
      if (of == call) {
        inbox.learn(dictionary);
        of.readOn();
      }
    } finally {
      lock.unlock();
    }
  }

  private void onGap(FeedCall of, Gap gap) {
    lock.lock();
    try {
      if (of != call) {
        return;
      }
      inbox.skip(gap);
      of.readOn();
    } finally {
      lock.unlock();
    }
    LOG.warn(
        "{} messages of {}/{} are gone ({})",
        gap.getToOffset() - gap.getFromOffset(),
        gap.getStream(),
        gap.getPartition(),
        gap.getReason());
  }

  private void onRetainedEnd(FeedCall of) {
    lock.lock();
    try {
      if (of == call) {
        inbox.retainedEnd();
        of.readOn();
      }
    } finally {
      lock.unlock();
    }
  }

  private void onFailed(FeedCall of, SubscriptionFailed failed) {
    ErrorCode code = Requests.code(failed.getCode());
    if (Requests.isPassing(code)) {
      retry(of, Status.UNAVAILABLE.withDescription(failed.getDetail()));
    } else {
      endIfCurrent(of, new WeirException(code, failed.getDetail()));
    }
  }

  /// A call ended: for good, or to be followed by another one.
  void onCallEnded(FeedCall of, Status status, Metadata trailers) {
    if (status.isOk() && options.endAtTail()) {
      endIfCurrent(of, null);
    } else if (Requests.isFinal(status)) {
      endIfCurrent(of, Refusals.of(status, trailers));
    } else {
      retry(of, status);
    }
  }

  private void endIfCurrent(FeedCall of, @Nullable WeirException cause) {
    if (isCurrent(of)) {
      end(cause);
    }
  }

  private boolean isCurrent(FeedCall of) {
    lock.lock();
    try {
      return of == call;
    } finally {
      lock.unlock();
    }
  }

  private void retry(FeedCall of, Status status) {
    long delayNanos;
    lock.lock();
    try {
      if (of != call || isEnded) {
        return;
      }
      of.cancel();
      call = null;
      if (!of.isOpened()) {
        target = (target + 1) % channels.count();
      }
      delayNanos = BACKOFF.delayNanos(attempt, random);
      attempt++;
    } finally {
      lock.unlock();
    }
    String reason = status.isOk() ? "the server ended the call" : Requests.reason(status);
    part.tell(new ClientState.Reconnecting(reason, Duration.ofNanos(delayNanos)));
    schedule(this::attempt, delayNanos);
  }

  private void onSilence(FeedCall of) {
    if (!of.isOpened()) {
      retry(of, Status.UNAVAILABLE.withDescription("no answer to the subscription"));
    }
  }

  private void schedule(Runnable task, long delayNanos) {
    try {
      var _ = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      end(null); // The client has been closed.
    }
  }

  static WeirException interrupted() {
    return new WeirException(ErrorCode.TIMED_OUT, "The thread was interrupted while it waited.");
  }
}
