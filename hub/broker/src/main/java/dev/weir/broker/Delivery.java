package dev.weir.broker;

import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Messages of one stored batch, all of which match. Immutable, but for what is made of it at first
/// demand: subscriptions that want the same of a batch are delivered the same object, so that ten
/// thousand of them decode and encode it once. Any thread.
public final class Delivery {
  private final Position base;
  private final Offsets offsets;
  private final long storedMicros;
  private final Batch batch;
  private final long nextOffset;
  private final boolean isRetained;
  private volatile @Nullable List<Message> messages;
  private volatile @Nullable Object form;

  /// @param base the place of the first of them
  /// @param offsets where the others are, as distances from the first
  /// @param storedMicros when the batch was committed, microseconds since 1970
  /// @param batch the messages
  /// @param nextOffset where a cursor behind this delivery stands in its partition
  /// @param isRetained whether it is a retained message from before the subscription's start
  public Delivery(
      Position base,
      Offsets offsets,
      long storedMicros,
      Batch batch,
      long nextOffset,
      boolean isRetained) {
    this.base = base;
    this.offsets = offsets;
    this.storedMicros = storedMicros;
    this.batch = batch;
    this.nextOffset = nextOffset;
    this.isRetained = isRetained;
  }

  /// Messages at or behind the start.
  public Delivery(Position base, Offsets offsets, long storedMicros, Batch batch, long nextOffset) {
    this(base, offsets, storedMicros, batch, nextOffset, false);
  }

  /// The same, after which a cursor stands elsewhere.
  Delivery endingAt(long offset) {
    return offset == nextOffset
        ? this
        : new Delivery(base, offsets, storedMicros, batch, offset, isRetained);
  }

  /// The place of the first message.
  public Position base() {
    return base;
  }

  /// Where the other messages are, as distances from the first.
  public Offsets offsets() {
    return offsets;
  }

  /// When the batch was committed, microseconds since 1970.
  public long storedMicros() {
    return storedMicros;
  }

  /// The messages: the payload as it was published when all of it matches, encoded again otherwise;
  /// the header holds topics only.
  public Batch batch() {
    return batch;
  }

  /// Where a cursor behind this delivery stands in its partition.
  public long nextOffset() {
    return nextOffset;
  }

  /// Whether it is a retained message from before the subscription's start: it stands before
  /// [#nextOffset], and the cursor stays where it is.
  public boolean isRetained() {
    return isRetained;
  }

  public int count() {
    return offsets.count();
  }

  /// The messages, decoded when somebody asks for the first time.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED when the stored batch is damaged
  public List<Message> messages() {
    List<Message> known = messages;
    if (known == null) {
      known = List.copyOf(BatchReader.read(batch));
      messages = known;
    }
    return known;
  }

  /// The offset of a message by its index.
  public long offset(int index) {
    return base.offset() + offsets.delta(index);
  }

  /// What a door makes of it to send it: made for the first subscription, then the same for all of
  /// that door. The last that was made is kept.
  ///
  /// @param type which no other door uses
  /// @param making depends on the delivery alone
  public <T> T form(Class<T> type, Function<Delivery, T> making) {
    Object known = form;
    if (type.isInstance(known)) {
      return type.cast(known);
    }
    T fresh = making.apply(this);
    form = fresh;
    return fresh;
  }
}
