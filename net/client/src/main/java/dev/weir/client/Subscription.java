package dev.weir.client;

import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A subscription to loop over: `for (Delivered d : subscription)`. Waits for messages, goes on
/// across reconnects, and ends when it is closed or, if asked to, at the tail.
///
/// One thread reads; any thread may close. When the server refuses for good, reading throws the
/// [WeirException] after everything received before has been handed over.
public final class Subscription implements Iterable<Delivered>, AutoCloseable {
  private final Feed feed;
  private final int bufferMessages;
  private final Queue<Delivered> ready = new ArrayDeque<>();
  private long consumed;
  private long granted;
  private @Nullable Delivered last;
  private volatile boolean isClosed;

  Subscription(Feed feed, int bufferMessages) {
    this.feed = feed;
    this.bufferMessages = bufferMessages;
    this.granted = bufferMessages;
    feed.open(granted);
  }

  /// What is left of the subscription: every iterator goes on where the one before stopped. Its
  /// `hasNext` waits for a message and is false once the subscription has ended; it throws a
  /// [WeirException] when the server refused for good or the thread was interrupted.
  @Override
  public Iterator<Delivered> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return fill(Long.MAX_VALUE);
      }

      @Override
      public Delivered next() {
        return take();
      }
    };
  }

  /// Waits for the next message.
  ///
  /// @throws NoSuchElementException when the subscription has ended
  /// @throws WeirException when the server refused for good, or the thread was interrupted
  public Delivered take() {
    if (!fill(Long.MAX_VALUE)) {
      throw new NoSuchElementException("The subscription has ended.");
    }
    return takeReady();
  }

  /// The next message, if there is one within the time.
  ///
  /// @throws WeirException as [#take]
  public Optional<Delivered> poll(Duration timeout) {
    return fill(timeout.toNanos()) ? Optional.of(takeReady()) : Optional.empty();
  }

  /// Whether it has ended and everything has been handed over.
  public boolean isEnded() {
    return isClosed || (ready.isEmpty() && feed.isDrained());
  }

  /// Continues behind the last message handed over; empty before the first one.
  public Optional<Cursor> cursor() {
    return Optional.ofNullable(last).map(Delivered::cursor);
  }

  private boolean fill(long timeoutNanos) {
    if (isClosed) {
      return false;
    }
    try {
      while (ready.isEmpty()) {
        Chunk chunk = feed.take(timeoutNanos);
        if (chunk == null) {
          WeirException failure = feed.failure();
          if (failure != null) {
            throw failure;
          }
          return false;
        }
        ready.addAll(feed.decode(chunk));
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Feed.interrupted();
    }
  }

  private Delivered takeReady() {
    last = ready.remove();
    consumed++;
    // Half a buffer at a time: one small message on the wire for many deliveries.
    if (granted - consumed <= bufferMessages / 2) {
      granted = consumed + bufferMessages;
      feed.allow(granted);
    }
    return last;
  }

  /// Ends it; a waiting reader returns. Idempotent.
  @Override
  public void close() {
    isClosed = true;
    feed.close();
  }
}
