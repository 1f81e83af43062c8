package dev.weir.client;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneMatch;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a publisher has accepted and not yet seen acked: a lane in memory.
///
/// The problem: a frame per message is slow, a linger timer makes a lone publisher wait, and what
/// is sent must be repeatable until it is acked. The idea: publishing threads encode into an open
/// batch; the link takes it the moment it can send, however full. An idle link sends a message at
/// once in a batch of its own; while the link is busy or the window is full, batches fill by
/// themselves. No timer.
///
/// ```
///  publish ─▶ open ─▶ full … full ─▶ (peek: encode, compress) ─▶ sent … sent ─▶ settled
///             |------- lock -------|                            |-- link's thread --|
/// ```
///
/// Invariants: sequences are given in order of acceptance and begin at 1; a sequence's frame never
/// changes once seen; the bytes and messages held stay within the window, except for one message
/// when it is empty; every accepted message is settled exactly once.
///
/// Threads: [#add] and [#await] on any; [LaneSource] on the link's duty thread, which alone owns
/// `sent`; the lock is never held over an encoding or a completion.
final class Outbox implements LaneSource {
  /// Emptied batches kept for use; more than a link takes in one turn is not needed.
  private static final int MAX_SPARES = 4;

  private final PublisherOptions options;
  private final Settlements settlements;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private final ArrayDeque<OpenBatch> full = new ArrayDeque<>();
  private final ArrayDeque<OpenBatch> spares = new ArrayDeque<>();
  private OpenBatch open;
  private long heldBytes;
  private int heldMessages;
  private long accepted;
  private long acked;
  private long failed;
  private long sealed;
  private @Nullable WeirException end;

  private final Map<Long, SentBatch> sent = new HashMap<>();
  private long firstUnacked = 1;

  Outbox(PublisherOptions options, Settlements settlements) {
    this.options = options;
    this.settlements = settlements;
    this.open = new OpenBatch(options.batch().intBytes());
  }

  /// Accepts a message, or waits for room, or refuses, as the policy says.
  ///
  /// @param pending who waits for the receipt; null for nobody
  /// @return whether the link must be woken
  /// @throws WeirException with WINDOW_FULL, or with what ended the publisher
  boolean add(Message message, @Nullable Pending pending) {
    int bytes = message.body().length();
    lock.lock();
    try {
      awaitRoom(bytes);
      checkOpen();
      boolean wasEmpty = open.isEmpty() && full.isEmpty();
      int before = open.length();
      if (!open.add(message, pending)) {
        full.add(open);
        open = spare();
        before = 0;
        open.add(message, pending);
      }
      heldBytes += open.length() - before;
      heldMessages++;
      accepted++;
      return wasEmpty;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom(int bytes) {
    return end != null
        || heldMessages == 0
        || (heldBytes + bytes <= options.windowBytes().bytes()
            && heldMessages < options.windowMessages());
  }

  private void awaitRoom(int bytes) {
    try {
      while (!hasRoom(bytes)) {
        if (options.whenFull() == WhenFull.FAIL) {
          throw new WeirException(
              ErrorCode.WINDOW_FULL,
              heldMessages + " messages of " + heldBytes + " bytes wait for their acks.");
        }
        room.await();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new WeirException(
          ErrorCode.WINDOW_FULL, "The thread was interrupted while it waited for room.");
    }
  }

  private void checkOpen() {
    if (end != null) {
      throw new WeirException(end.code(), String.valueOf(end.getMessage()), end);
    }
  }

  private OpenBatch spare() {
    OpenBatch spare = spares.poll();
    return spare == null ? new OpenBatch(options.batch().intBytes()) : spare;
  }

  /// Waits until what has been accepted by now is settled.
  ///
  /// @return false when the time passed
  boolean await(long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long target = accepted;
      long left = timeoutNanos;
      while (acked + failed < target && left > 0) {
        left = progress.awaitNanos(left);
      }
      return acked + failed >= target;
    } finally {
      lock.unlock();
    }
  }

  PublisherTotals totals() {
    lock.lock();
    try {
      return new PublisherTotals(accepted, acked, failed);
    } finally {
      lock.unlock();
    }
  }

  /// Refuses every further message; what is held may still be settled.
  void refuseMore(WeirException cause) {
    lock.lock();
    try {
      if (end == null) {
        end = cause;
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Fails what is left. Only once no link calls here any more.
  void abandon(WeirException cause) {
    refuseMore(cause);
    for (boolean isMore = true; isMore; isMore = sealOne()) {}
    for (; firstUnacked <= sealed; firstUnacked++) {
      SentBatch batch = sent.remove(firstUnacked);
      if (batch != null && !batch.isRefused()) {
        settlements.failed(batch.waiting(), cause);
        release(batch, false);
      }
    }
  }

  // The rest is called by the link, on its duty thread.

  @Override
  public int lane() {
    return 0;
  }

  @Override
  public long firstUnacked() {
    return firstUnacked;
  }

  /// Counts the batches that still grow: each becomes a frame when it is asked for.
  @Override
  public long nextSequence() {
    lock.lock();
    try {
      return sealed + full.size() + (open.isEmpty() ? 0 : 1) + 1;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable LaneFrame peek(long sequence) {
    while (sequence > sealed) {
      if (!sealOne()) {
        return null;
      }
    }
    SentBatch batch = sent.get(sequence);
    return batch == null ? null : new LaneFrame(sequence, batch.batch());
  }

  /// Turns the oldest batch that still grows into the next frame.
  ///
  /// @return false when there is none
  private boolean sealOne() {
    OpenBatch oldest;
    lock.lock();
    try {
      oldest = full.poll();
      if (oldest == null) {
        if (open.isEmpty()) {
          return false;
        }
        oldest = open;
        open = spare();
      }
      sealed++;
    } finally {
      lock.unlock();
    }
    sent.put(sealed, oldest.seal(options.zstdLevel()));
    keep(oldest);
    return true;
  }

  private void keep(OpenBatch emptied) {
    lock.lock();
    try {
      if (spares.size() < MAX_SPARES) {
        spares.add(emptied);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public LaneMatch match(long sequence, int crc32c) {
    SentBatch batch = sent.get(sequence);
    return batch == null || batch.batch().crc32c() == crc32c ? LaneMatch.OWN : LaneMatch.FOREIGN;
  }

  @Override
  public void settled(LaneSettlement settlement) {
    long[] offsets = settlement.baseOffsets();
    long last = Math.min(settlement.durableSequence(), sealed);
    // The offsets belong to the last ones; those of a resumption are not known.
    long firstKnown = last - offsets.length + 1;
    for (; firstUnacked <= last; firstUnacked++) {
      SentBatch batch = sent.remove(firstUnacked);
      if (batch != null && !batch.isRefused()) {
        boolean isKnown = firstUnacked >= firstKnown && !settlement.stream().isEmpty();
        long offset = isKnown ? offsets[(int) (firstUnacked - firstKnown)] : -1;
        Position first =
            offset < 0
                ? Position.UNKNOWN
                : new Position(settlement.stream(), settlement.partition(), offset);
        settlements.acked(batch.waiting(), settlement.durability(), first);
        release(batch, true);
      }
    }
  }

  @Override
  public void refused(long sequence, ErrorCode code, String detail) {
    SentBatch batch = sent.get(sequence);
    if (batch != null && !batch.isRefused()) {
      batch.refuse();
      settlements.failed(batch.waiting(), new WeirException(code, detail));
      release(batch, false);
    }
  }

  private void release(SentBatch batch, boolean isAcked) {
    int count = batch.waiting().size();
    lock.lock();
    try {
      heldBytes -= batch.rawBytes();
      heldMessages -= count;
      acked += isAcked ? count : 0;
      failed += isAcked ? 0 : count;
      room.signalAll();
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
