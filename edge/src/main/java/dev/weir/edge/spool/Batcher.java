package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.edge.encoding.BatchEncoder;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.Intake;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Gathers what one class of sources delivers into frames, compresses them and puts them into the
/// spool. Stepped by one thread (`weir-batcher-CLASS`), by hand in tests.
///
/// Two classes: sources that nobody waits for linger for company; sources whose sender waits for
/// the fsync are flushed at once when nothing is being written, and otherwise when that is done, so
/// that the running fsync is the batching window.
///
/// Invariants: a delivery with positions lies in one frame, and the frame holds them; frames are
/// offered in the order of the deliveries; a frame that finds no room is held, and nothing is taken
/// from the intake meanwhile, which fills and so stops the sources.
public final class Batcher {
  /// What a frame may be when one delivery is large: a delivery with positions is never split.
  private static final int MAX_RAW_BYTES = Message.MAX_BODY_BYTES;

  /// A header has 256 KiB for topics, ids and positions.
  private static final int MAX_POSITION_BYTES = 64 << 10;

  private final BatchPolicy policy;
  private final BatchEncoder encoder;
  private final boolean isWaitedFor;
  private final Intake intake;
  private final FrameSink sink;
  private final Clock clock;
  private final BatchBuilder builder;
  private final CountDownLatch drained = new CountDownLatch(1);
  private final Map<String, Bytes> positions = new HashMap<>();
  private List<Share> shares = new ArrayList<>();
  private int positionBytes;
  private long firstNanos;
  private @Nullable Delivery current;
  private @Nullable DeliveryTrack currentTrack;
  private int nextIndex;
  private @Nullable SpoolFrame held;

  /// A delivery's part in the frame that is being gathered.
  private record Share(DeliveryTrack track, boolean isLast) {}

  /// @param isWaitedFor whether senders wait for the fsync, and can be told that there is no room
  public Batcher(
      BatchPolicy policy,
      BatchEncoder encoder,
      boolean isWaitedFor,
      Intake intake,
      FrameSink sink,
      Clock clock) {
    this.policy = policy;
    this.encoder = encoder;
    this.builder = new BatchBuilder(MAX_RAW_BYTES, policy.isColumnar());
    this.isWaitedFor = isWaitedFor;
    this.intake = intake;
    this.sink = sink;
    this.clock = clock;
  }

  /// Does what can be done now.
  ///
  /// @return whether anything was done
  public boolean step() {
    boolean hasDone = work();
    if (drained.getCount() > 0 && isDrained()) {
      drained.countDown();
    }
    return hasDone;
  }

  private boolean work() {
    boolean hasDone = false;
    while (offerHeld()) {
      if (current == null && !takeNext()) {
        break;
      }
      hasDone = true;
      addCurrent();
    }
    if (held == null && isDue()) {
      flush();
      hasDone = true;
      offerHeld();
    }
    return hasDone;
  }

  /// How long nothing will be due when nobody wakes the thread.
  public long idleNanos() {
    if (isEmpty() || held != null) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, policy.linger().toNanos() - (clock.nanoTime() - firstNanos));
  }

  /// Waits, on another thread than the stepping one, until nothing waits here or will come: the
  /// intake was closed, and all of it is on disk or refused.
  ///
  /// @return false when the time passed before
  public boolean awaitDrained(Duration deadline) {
    try {
      return drained.await(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isDrained() {
    return intake.isClosed()
        && intake.peek() == null
        && current == null
        && held == null
        && isEmpty()
        && sink.isIdle();
  }

  private boolean isEmpty() {
    return builder.isEmpty() && shares.isEmpty() && positions.isEmpty();
  }

  private boolean offerHeld() {
    if (held != null && sink.offer(held)) {
      held = null;
    }
    return held == null;
  }

  /// @return false when there is no delivery, or when what is gathered must go first
  private boolean takeNext() {
    Delivery next = intake.peek();
    if (next == null) {
      return false;
    }
    boolean isTooMuch =
        !isEmpty()
            && (builder.length() + next.rawBytes() > fullBytes()
                || builder.count() + next.messages().size() > Batch.MAX_COUNT
                || positionBytes + Positions.bytes(next.positions()) > MAX_POSITION_BYTES);
    if (isTooMuch) {
      flush();
      if (!offerHeld()) {
        return false;
      }
    }
    current = intake.poll();
    currentTrack = new DeliveryTrack(next.listener());
    nextIndex = 0;
    return true;
  }

  private void addCurrent() {
    Delivery delivery = Objects.requireNonNull(current);
    DeliveryTrack track = Objects.requireNonNull(currentTrack);
    if (isEmpty()) {
      firstNanos = clock.nanoTime();
    }
    boolean mayBeSplit = delivery.positions().isEmpty();
    while (nextIndex < delivery.messages().size()) {
      Message message = delivery.messages().get(nextIndex);
      boolean isFull = mayBeSplit && isFull(message);
      if (isFull || !builder.add(message)) {
        // A delivery with positions gets here at its first message only: it has one topic, no ids,
        // and less than the builder holds.
        shares.add(new Share(track, false));
        flush();
        return;
      }
      nextIndex++;
    }
    shares.add(new Share(track, true));
    positions.putAll(delivery.positions());
    positionBytes = positions.isEmpty() ? 0 : Positions.bytes(positions);
    current = null;
    if (builder.length() >= fullBytes()) {
      flush();
    }
  }

  /// An oversize message has a frame of its own, so that whoever refuses it refuses nothing else.
  private boolean isFull(Message message) {
    return !builder.isEmpty() && builder.length() + message.body().length() > fullBytes();
  }

  private long fullBytes() {
    return Math.min(policy.rawSize().bytes(), encoder.fullBytes());
  }

  private boolean isDue() {
    if (isEmpty()) {
      return false;
    }
    return intake.isClosed()
        || (isWaitedFor && sink.isIdle())
        || clock.nanoTime() - firstNanos >= policy.linger().toNanos();
  }

  private void flush() {
    List<Share> parts = shares;
    Optional<Batch> batch =
        builder.isEmpty()
            ? Optional.empty()
            : Optional.of(encoder.encode(builder, Positions.encode(positions)));
    held = new SpoolFrame(batch, positions, isWaitedFor, new Told(parts));
    shares = new ArrayList<>();
    positions.clear();
    positionBytes = 0;
    firstNanos = clock.nanoTime();
  }

  private record Told(List<Share> shares) implements FrameListener {
    @Override
    public void durable() {
      for (Share share : shares) {
        if (share.isLast()) {
          share.track().lastDurable();
        }
      }
    }

    @Override
    public void failed(WeirException cause) {
      for (Share share : shares) {
        share.track().failed(cause);
      }
    }
  }
}
