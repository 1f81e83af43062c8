package dev.weir.broker;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import java.util.Optional;

/// A batch to be stored.
///
/// @param batch the messages; a SOURCE in its header is not believed, an ORIGIN is not kept
/// @param identity where it stands on its sender's lane; none for what is not numbered
/// @param routingKey batches without identity and with equal keys keep their order; empty for the
///   batch's first topic
public record PublishRequest(Batch batch, Optional<LaneSequence> identity, Bytes routingKey) {
  /// A batch that is not numbered.
  public static PublishRequest of(Batch batch) {
    return new PublishRequest(batch, Optional.empty(), Bytes.EMPTY);
  }

  /// A numbered batch.
  public static PublishRequest of(Batch batch, LaneSequence identity) {
    return new PublishRequest(batch, Optional.of(identity), Bytes.EMPTY);
  }
}
