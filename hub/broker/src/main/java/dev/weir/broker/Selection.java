package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchHeader;
import dev.weir.message.Codec;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The messages of one batch that one kind of subscription gets. Immutable but for what it encodes
/// at first demand, and shared by subscriptions.
final class Selection {
  /// Encoded for one delivery each time: speed counts.
  private static final int ZSTD_LEVEL = 1;

  /// What a builder asks beyond the bytes of a message before it takes it.
  private static final int BUILDER_SLACK_BYTES = 64 << 10;

  private final SharedBatch source;

  /// Null for all messages from `first` on.
  private final int @Nullable [] indexes;

  private final int first;
  private final int size;
  private final int expired;
  private volatile @Nullable Delivery complete;
  private volatile @Nullable Delivery completeRows;

  private Selection(
      SharedBatch source, int @Nullable [] indexes, int first, int size, int expired) {
    this.source = source;
    this.indexes = indexes;
    this.first = first;
    this.size = size;
    this.expired = expired;
  }

  /// Messages by their ascending indexes in the batch.
  static Selection of(SharedBatch source, int[] indexes, int expired) {
    return new Selection(source, indexes, 0, indexes.length, expired);
  }

  /// Every message from an index on.
  static Selection from(SharedBatch source, int first) {
    int size = Math.max(0, source.stored().batch().count() - first);
    return new Selection(source, null, first, size, 0);
  }

  /// The same without its first messages.
  Selection from(int index) {
    int[] rest = new int[size - index];
    Arrays.setAll(rest, i -> index + i);
    return index == 0 ? this : only(rest);
  }

  int size() {
    return size;
  }

  /// Messages that were left out because their time to live had ended.
  int expired() {
    return expired;
  }

  StoredBatch stored() {
    return source.stored();
  }

  /// The offset of a message by its index in the selection.
  long offset(int index) {
    return stored().baseOffset() + at(index);
  }

  private int at(int index) {
    return indexes == null ? first + index : indexes[index];
  }

  Message message(int index) {
    return source.messages().get(at(index));
  }

  /// Those of its messages with these ascending indexes.
  Selection only(int[] chosen) {
    return of(source, Arrays.stream(chosen).map(this::at).toArray(), 0);
  }

  /// The messages from an index on, at most so many; fewer where they do not fit into one batch.
  ///
  /// @param takesColumns whether columns are passed on as they are
  /// @throws dev.weir.base.WeirException with MALFORMED when the batch is damaged
  Delivery deliver(String stream, int from, int max, boolean takesColumns) {
    int count = Math.min(max, size - from);
    if (from > 0 || count < size) {
      return encode(stream, from, count);
    }
    Delivery known = complete;
    if (known == null) {
      known = size == stored().batch().count() ? asStored(stream) : encode(stream, 0, size);
      complete = known;
    }
    return takesColumns || known.batch().codec() != Codec.COLUMNAR_ZSTD ? known : asRows(known);
  }

  private Delivery asRows(Delivery columns) {
    Delivery known = completeRows;
    if (known == null) {
      known =
          new Delivery(
              columns.base(),
              columns.offsets(),
              columns.storedMicros(),
              columns.batch().asRows(),
              columns.nextOffset());
      completeRows = known;
    }
    return known;
  }

  private Delivery asStored(String stream) {
    StoredBatch batch = stored();
    return new Delivery(
        new Position(stream, batch.partition(), batch.baseOffset()),
        Offsets.contiguous(size),
        batch.storedMicros(),
        batch.batch(),
        batch.endOffset());
  }

  private Delivery encode(String stream, int from, int count) {
    List<Message> messages = source.messages();
    Batch original = stored().batch();
    long bytes = 3L * original.rawLength() + BUILDER_SLACK_BYTES;
    BatchBuilder builder = new BatchBuilder((int) Math.min(bytes, Message.MAX_BODY_BYTES));
    int[] deltas = new int[count];
    int taken = 0;
    while (taken < count && builder.add(messages.get(at(from + taken)))) {
      deltas[taken] = at(from + taken) - at(from);
      taken++;
    }
    Batch batch = builder.build(original.codec() == Codec.NONE ? 0 : ZSTD_LEVEL, Bytes.EMPTY);
    boolean isLast = from + taken == size;
    long next = isLast ? stored().endOffset() : offset(from + taken - 1) + 1;
    return new Delivery(
        new Position(stream, stored().partition(), offset(from)),
        Offsets.of(taken == count ? deltas : Arrays.copyOf(deltas, taken)),
        stored().storedMicros(),
        withTopicsOnly(batch),
        next);
  }

  private static Batch withTopicsOnly(Batch batch) {
    BatchHeader header = BatchHeader.decode(batch.header());
    if (header.ids().isEmpty()) {
      return batch;
    }
    return batch.withHeader(BatchHeader.of(header.topics()).encode());
  }
}
