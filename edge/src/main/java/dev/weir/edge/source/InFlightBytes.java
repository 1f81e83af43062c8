package dev.weir.edge.source;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.concurrent.Semaphore;

/// Bounds what all requests of a source may hold in memory together. A request reserves the most
/// that it may become before it is read, gives back what it did not need once its size is known,
/// and the rest when it is answered. Any thread.
public final class InFlightBytes {
  private final ByteSize limit;
  private final Semaphore bytes;

  /// @param limit 1 B to 2 GiB - 1
  public InFlightBytes(ByteSize limit) {
    Checks.range("limit", limit.bytes(), 1, Integer.MAX_VALUE);
    this.limit = limit;
    this.bytes = new Semaphore(limit.intBytes());
  }

  /// Sets bytes aside, at once or not at all.
  ///
  /// @param count 0 to the limit
  /// @throws WeirException with OVERLOADED when too much is under way
  public Reservation reserve(int count) {
    Reservation reservation = new Reservation();
    reservation.grow(count);
    return reservation;
  }

  /// What one request holds. Owned by the request's thread.
  public final class Reservation implements AutoCloseable {
    private int held;

    private Reservation() {}

    /// Sets more aside, for a size that is known only as it comes.
    ///
    /// @throws WeirException with OVERLOADED when too much is under way; what was held stays
    public void grow(int count) {
      if (!bytes.tryAcquire(count)) {
        throw new WeirException(
            ErrorCode.OVERLOADED, "Requests of " + limit + " are under way already.");
      }
      held += count;
    }

    /// Gives back what is held beyond a size.
    public void shrinkTo(int count) {
      if (count < held) {
        bytes.release(held - count);
        held = count;
      }
    }

    /// Gives everything back. Idempotent.
    @Override
    public void close() {
      shrinkTo(0);
    }
  }
}
