package dev.weir.broker.direct;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// Gathers operations while the record before them is on its way to the disk, so that many acks
/// share one append. Every method but the journal's calls is called under the queues' lock, in
/// which order the operations stand in the journal.
final class Recorder {
  /// Beyond it nothing is handed out until the journal takes records again.
  private static final int BEHIND_BYTES = 1 << 20;

  /// A version and nothing.
  private static final int EMPTY_BYTES = 1;

  private final ReentrantLock lock;
  private final EngineJournal journal;
  private QueueWriter pending = new QueueWriter();
  private List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private boolean isUnderWay;
  private boolean isClosed;

  Recorder(ReentrantLock lock, EngineJournal journal) {
    this.lock = lock;
    this.journal = journal;
  }

  /// Where to write operations.
  QueueWriter operations() {
    return pending;
  }

  boolean isBehind() {
    return pending.size() > BEHIND_BYTES;
  }

  /// Whether something waits that the journal did not take.
  boolean isRefused() {
    return !isUnderWay && (pending.size() > EMPTY_BYTES || !waiting.isEmpty());
  }

  /// Completes once everything written so far is durable.
  CompletableFuture<Void> durable() {
    CompletableFuture<Void> told = new CompletableFuture<>();
    if (isClosed) {
      told.completeExceptionally(closing());
      return told;
    }
    waiting.add(told);
    flush();
    return told;
  }

  private static WeirException closing() {
    return new WeirException(ErrorCode.CONNECTION_LOST, "The core is closing.");
  }

  /// Offers what is pending, unless a record is on its way.
  void flush() {
    boolean isEmpty = pending.size() <= EMPTY_BYTES && waiting.isEmpty();
    if (isUnderWay || isEmpty || isClosed) {
      return;
    }
    isUnderWay = journal.offer(pending.content(), new Told(waiting));
    if (isUnderWay) {
      pending = new QueueWriter();
      waiting = new ArrayList<>();
    }
  }

  /// Takes nothing any more.
  ///
  /// @return who waited for what is not written
  List<CompletableFuture<Void>> close() {
    isUnderWay = false; // the journal keeps the order
    flush();
    isClosed = true;
    return waiting;
  }

  /// The journal's thread tells a record's outcome.
  private final class Told implements EngineJournal.Listener {
    private final List<CompletableFuture<Void>> told;

    Told(List<CompletableFuture<Void>> told) {
      this.told = told;
    }

    @Override
    public void durable() {
      next();
      told.forEach(each -> each.complete(null));
    }

    @Override
    public void failed(WeirException cause) {
      next();
      told.forEach(each -> each.completeExceptionally(cause));
    }

    private void next() {
      lock.lock();
      try {
        isUnderWay = false;
        flush();
      } finally {
        lock.unlock();
      }
    }
  }
}
