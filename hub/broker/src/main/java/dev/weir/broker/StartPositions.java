package dev.weir.broker;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import dev.weir.message.Position;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/// Finds where a subscription begins in each partition. Runs on the subscription's thread and may
/// read the disk.
public final class StartPositions {
  private final Engine engine;
  private final BooleanSupplier isCancelled;

  public StartPositions(Engine engine, BooleanSupplier isCancelled) {
    this.engine = engine;
    this.isCancelled = isCancelled;
  }

  /// @param ends where the partitions ended when the subscription was opened
  /// @throws WeirException with INVALID_CURSOR for a cursor that this stream did not give out
  public long[] find(SubscriptionRequest request, long[] ends) throws IOException {
    long[] found = new long[ends.length];
    switch (request.start()) {
      case Start.Live _ -> System.arraycopy(ends, 0, found, 0, ends.length);
      case Start.First _ -> first(found);
      case Start.Last last ->
          found = new LastMessages(engine, request.filters(), isCancelled).find(last.count(), ends);
      case Start.AtTime time -> {
        for (int i = 0; i < found.length; i++) {
          found[i] = Math.min(ends[i], engine.offsetAtTime(i, time.epochMicros()));
        }
      }
      case Start.At at -> {
        first(found);
        at(at.cursor(), found, ends);
      }
    }
    return found;
  }

  private void first(long[] found) {
    for (int i = 0; i < found.length; i++) {
      found[i] = engine.firstOffset(i);
    }
  }

  /// A partition that the cursor does not name came later and begins with its first message.
  private void at(Cursor cursor, long[] found, long[] ends) {
    for (Position position : cursor.positions()) {
      int partition = position.partition();
      if (!position.stream().equals(engine.stream()) || partition >= found.length) {
        throw invalid(position, "is not a place of stream '" + engine.stream() + "'");
      }
      if (position.offset() > ends[partition]) {
        throw invalid(position, "is behind the end at " + ends[partition]);
      }
      found[partition] = position.offset();
    }
  }

  private static WeirException invalid(Position position, String fault) {
    return new WeirException(
        ErrorCode.INVALID_CURSOR, "The cursor's position " + position + " " + fault + ".");
  }
}
