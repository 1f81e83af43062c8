package dev.weir.gateway.web.rest;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.EngineStats;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import dev.weir.message.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for outcomes, and tells where a reader continues behind a receipt. Any thread.
public final class Receipts {
  private final Broker broker;
  private final Duration limit;
  private final int partitions;

  /// @param limit how long an outcome is waited for
  public Receipts(Broker broker, Duration limit) {
    this.broker = broker;
    this.limit = limit;
    this.partitions = broker.stats().engine().partitions().size();
  }

  /// Blocks until the outcome is known.
  ///
  /// @throws WeirException what it failed with, or TIMED_OUT
  public <T> T await(CompletionStage<T> outcome) throws InterruptedException {
    try {
      return outcome.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw cause(e);
    } catch (TimeoutException _) {
      throw new WeirException(
          ErrorCode.TIMED_OUT,
          "The disk did not answer within "
              + limit.toSeconds()
              + " s; it may still: repeat a publish under the same Idempotency-Key.");
    }
  }

  /// What an outcome failed with.
  public static WeirException cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof WeirException known
        ? known
        : new WeirException(ErrorCode.BUG, "It failed: " + cause.getMessage(), cause);
  }

  /// Behind a stored message; in other partitions at what is their end now.
  public Optional<Cursor> behind(Receipt receipt) {
    Position at = receipt.position();
    if (!at.isKnown()) {
      return Optional.empty();
    }
    Position next = new Position(at.stream(), at.partition(), at.offset() + 1);
    if (partitions == 1) {
      return Optional.of(Cursor.of(next));
    }
    List<Position> positions = new ArrayList<>();
    List<EngineStats.Partition> ends = broker.stats().engine().partitions();
    for (int i = 0; i < ends.size(); i++) {
      positions.add(
          i == at.partition() ? next : new Position(at.stream(), i, ends.get(i).endOffset()));
    }
    return Optional.of(new Cursor(positions));
  }
}
