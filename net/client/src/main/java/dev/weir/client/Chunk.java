package dev.weir.client;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchReader;
import dev.weir.message.Codec;
import dev.weir.message.Dictionary;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.proto.v1.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A delivery as it came, decoded by whoever takes it: the event loop that received it has other
/// connections to serve.
///
/// @param dictionary what it takes to decompress it
/// @param wanted offsets below were received before
/// @param missedBefore messages lost in front of it
/// @param elsewhere where the subscription stood in the other partitions
record Chunk(
    Delivery delivery,
    Optional<Dictionary> dictionary,
    long wanted,
    long missedBefore,
    List<Position> elsewhere) {
  /// A delivery that needs no dictionary.
  Chunk(Delivery delivery, long wanted, long missedBefore, List<Position> elsewhere) {
    this(delivery, Optional.empty(), wanted, missedBefore, elsewhere);
  }

  int bytes() {
    return delivery.getHeader().size() + delivery.getPayload().size();
  }

  /// Its messages, without those received before.
  ///
  /// @throws WeirException with MALFORMED or DECOMPRESSION_REFUSED when it is not what it claims
  List<Delivered> decode() {
    try {
      return delivered(BatchReader.read(batch()));
    } catch (IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "A delivery does not decode: " + e.getMessage() + ".", e);
    }
  }

  private List<Delivered> delivered(List<Message> messages) {
    int deltas = delivery.getOffsetDeltasCount();
    Checks.argument(
        deltas == 0 || deltas == messages.size(),
        messages.size() + " messages have " + deltas + " offsets");
    List<Delivered> delivered = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      long delta = deltas == 0 ? i : Integer.toUnsignedLong(delivery.getOffsetDeltas(i));
      Position position =
          new Position(
              delivery.getStream(), delivery.getPartition(), delivery.getBaseOffset() + delta);
      if (position.offset() >= wanted) {
        delivered.add(
            new Delivered(
                messages.get(i),
                position,
                delivery.getStoredMicros(),
                delivered.isEmpty() ? missedBefore : 0,
                elsewhere,
                delivery.getIsRetained()));
      }
    }
    return delivered;
  }

  private Batch batch() {
    return new Batch(
        Codec.of(delivery.getCodec()),
        dictionary,
        delivery.getCount(),
        delivery.getRawLength(),
        bytes(delivery.getHeader()),
        bytes(delivery.getPayload()));
  }

  private static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }
}
