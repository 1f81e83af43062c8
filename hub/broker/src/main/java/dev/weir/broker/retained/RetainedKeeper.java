package dev.weir.broker.retained;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Engine;
import dev.weir.broker.RetainedMessage;
import dev.weir.broker.RetainedPage;
import dev.weir.broker.RetainedStore;
import dev.weir.broker.StoredBatch;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the last message of each topic that asks for it, beside the stream.
///
/// Problem: a publisher's ack must not wait for a second log, and a crash between the two must lose
/// nothing. Idea: what is retained is a function of the stream. This thread follows the stream's
/// batches that have such messages and copies them; where it has got to is part of the copy, and a
/// start goes on from there. The store is made *before* the first such message is taken, so that a
/// stream without a store holds none and needs no looking through.
///
/// Who reads waits until everything is copied that was committed when it asked: so a subscription
/// that begins after an ack sees the message.
///
/// Threads: `weir-retained` (virtual, from the first retained message on) opens and writes the
/// store; the engine's threads tell of batches; anybody reads. The lock guards what they share and
/// is never held while the disk is used. The thread is never interrupted: that would close files.
public final class RetainedKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedKeeper.class);

  /// A disk that refused is asked again after this.
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Segments in a row, and how long then until the next: what is given up is removed by another
  /// thread, a little later.
  private static final int COMPACTIONS = 16;

  private static final long BREATH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /// Longer than any copy takes on a disk that works.
  private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// Beyond this much of the stream since the last mark a start would read long.
  static final long MARK_OFFSETS = 1 << 20;

  private final Engine engine;
  private final Clock clock;
  private final Runnable onReady;
  private final RetainedCopier copier;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();

  // Guarded by the lock.
  private final PendingParts pending;
  private long done;
  private boolean isStarted;
  private boolean isClosed;
  private @Nullable IOException fault;
  private @Nullable Thread thread;

  private volatile @Nullable RetainedStore store;

  /// By partition, where a start would go on at least; owned by that partition's thread.
  private final long[] marks;

  /// @param onReady runs once the store is there, for publishers that were held back
  public RetainedKeeper(Engine engine, Clock clock, Runnable onReady) {
    this.engine = engine;
    this.clock = clock;
    this.onReady = onReady;
    this.copier = new RetainedCopier(engine);
    this.pending = new PendingParts(engine.partitions());
    this.marks = new long[engine.partitions()];
  }

  /// Goes on with what is retained; when the broker opens, before anything is published.
  public void open() throws IOException {
    if (engine.hasRetained()) {
      start(true);
    }
  }

  /// Whether a batch with a message to be kept may be stored now. When not, the store is being
  /// made, and `onReady` follows.
  ///
  /// @throws WeirException CONFIG_ENVIRONMENT when the store cannot be opened; it is tried again
  public boolean isReady() {
    if (store != null) {
      return true;
    }
    lock.lock();
    try {
      IOException cause = fault;
      if (cause != null) {
        throw new WeirException(
            ErrorCode.CONFIG_ENVIRONMENT,
            "Retained messages cannot be kept: " + cause.getMessage() + ".",
            cause);
      }
    } finally {
      lock.unlock();
    }
    start(false);
    return false;
  }

  private void start(boolean isKnown) {
    lock.lock();
    try {
      if (isStarted || isClosed) {
        return;
      }
      isStarted = true;
      for (int i = 0; i < marks.length; i++) {
        pending.begin(i, engine.endOffset(i));
      }
      Thread started = Thread.ofVirtual().name("weir-retained").unstarted(() -> run(isKnown));
      thread = started;
      started.start();
    } finally {
      lock.unlock();
    }
  }

  /// The engine's thread: a batch is durable.
  public void committed(StoredBatch batch) {
    int partition = batch.partition();
    boolean isMarkDue = store != null && batch.endOffset() - marks[partition] > MARK_OFFSETS;
    if (!batch.hasRetained() && !isMarkDue) {
      return;
    }
    marks[partition] = batch.endOffset();
    lock.lock();
    try {
      pending.add(batch);
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run(boolean isKnown) {
    try {
      RetainedStore opened = openStore(isKnown);
      if (opened != null) {
        onReady.run();
        follow(opened);
        opened.close();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("retained messages are kept no more until the core starts again", e);
    }
  }

  /// @return null when it was closed before that
  private @Nullable RetainedStore openStore(boolean isKnown) throws InterruptedException {
    while (!isClosed()) {
      try {
        RetainedStore opened = engine.openRetained();
        for (int i = 0; i < marks.length; i++) {
          if (isKnown) {
            copier.copy(opened, i, opened.scannedOffset(i), Long.MAX_VALUE);
          } else {
            opened.scanned(i, engine.endOffset(i));
          }
        }
        opened(opened);
        return opened;
      } catch (IOException e) {
        LOG.warn("the retained messages cannot be opened, trying again", e);
        fault(e);
        pause();
      }
    }
    return null;
  }

  private void opened(RetainedStore opened) {
    lock.lock();
    try {
      store = opened;
      fault = null;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fault(IOException cause) {
    lock.lock();
    try {
      fault = cause;
    } finally {
      lock.unlock();
    }
  }

  private void follow(RetainedStore opened) throws InterruptedException {
    while (true) {
      compact(opened);
      PendingParts.Part next = next();
      if (next == null) {
        return;
      }
      boolean isDone = false;
      while (!isDone && !isClosedAndFailing()) {
        isDone = tryTakeIn(opened, next);
      }
    }
  }

  /// Gives back space for as long as nothing else is to be done.
  private void compact(RetainedStore opened) throws InterruptedException {
    try {
      for (int i = 1; isIdle() && opened.compact(); i++) {
        LOG.debug("gave up a segment of retained messages");
        if (i % COMPACTIONS == 0) {
          breathe();
        }
      }
    } catch (IOException e) {
      LOG.warn("the space of replaced retained messages cannot be given back yet", e);
    }
  }

  /// Lets what was given up be removed, unless there is something to copy.
  private void breathe() throws InterruptedException {
    lock.lock();
    try {
      long left = BREATH_NANOS;
      while (left > 0 && pending.isEmpty() && !isClosed) {
        left = change.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosedAndFailing() {
    lock.lock();
    try {
      return isClosed && fault != null;
    } finally {
      lock.unlock();
    }
  }

  private boolean tryTakeIn(RetainedStore opened, PendingParts.Part next)
      throws InterruptedException {
    try {
      copier.copy(opened, next.partition(), next.from(), endOf(next));
      finished(next);
      return true;
    } catch (IOException e) {
      LOG.warn("a retained message cannot be kept yet, trying again", e);
      fault(e);
      pause();
      return false;
    }
  }

  private void finished(PendingParts.Part part) {
    lock.lock();
    try {
      fault = null;
      done = Math.max(done, part.told());
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdle() {
    lock.lock();
    try {
      return pending.isEmpty() && !isClosed;
    } finally {
      lock.unlock();
    }
  }

  private long endOf(PendingParts.Part part) {
    lock.lock();
    try {
      return pending.endOf(part);
    } finally {
      lock.unlock();
    }
  }

  /// The next part, waiting for it; null once the keeper is closed and nothing is left.
  private PendingParts.@Nullable Part next() {
    lock.lock();
    try {
      while (pending.isEmpty() && !isClosed) {
        change.awaitUninterruptibly();
      }
      return pending.poll();
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = RETRY_NANOS;
      while (left > 0 && !isClosed) {
        left = change.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return isClosed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything that was committed so far is copied.
  ///
  /// @return the store; null when nothing was ever retained
  /// @throws IOException when it takes too long, which a failing disk does
  private @Nullable RetainedStore caughtUp() throws IOException, InterruptedException {
    lock.lock();
    try {
      long left = CATCH_UP_NANOS;
      long wanted = pending.told();
      while (isStarted && !isClosed && (store == null || done < wanted) && left > 0) {
        left = change.awaitNanos(left);
      }
      if (left <= 0) {
        IOException cause = fault;
        throw cause == null ? new IOException("the retained messages are behind") : cause;
      }
    } finally {
      lock.unlock();
    }
    return store;
  }

  /// A page of what is retained, expired messages left out. Reads the disk and may wait; not within
  /// an event loop.
  ///
  /// @param after the topic to go on behind; empty for the first page
  /// @param max 1 or more
  /// @throws IOException when the disk refuses
  public RetainedPage page(List<TopicFilter> filters, String after, int max)
      throws IOException, InterruptedException {
    RetainedStore open = caughtUp();
    if (open == null) {
      return new RetainedPage(List.of(), "");
    }
    RetainedPage page = open.page(filters, after, max);
    long now = clock.epochMicros();
    List<RetainedMessage> fresh =
        page.messages().stream().filter(message -> !message.isExpired(now)).toList();
    return new RetainedPage(fresh, page.after());
  }

  /// Topics that have one.
  public int topics() {
    RetainedStore open = store;
    return open == null ? 0 : open.topics();
  }

  /// Whether a topic has one.
  boolean has(String topic) {
    RetainedStore open = store;
    return open != null && open.has(topic);
  }

  /// Ends the thread, after what is pending. Idempotent, never throws.
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      isClosed = true;
      change.signalAll();
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
