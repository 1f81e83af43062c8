package dev.weir.broker;

import dev.weir.message.Batch;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchScan;
import java.util.Optional;

/// A batch that was judged fit to be stored.
///
/// @param batch as it came
/// @param header its header, decoded
/// @param scan what walking through it told
/// @param identity where it stands on its sender's lane
/// @param routingHash equal for batches that keep their order
/// @param isParting whether it is to be parted when one of its ids is known, see
///   [PublishListener#parted]
public record EngineAppend(
    Batch batch,
    BatchHeader header,
    BatchScan scan,
    Optional<LaneSequence> identity,
    int routingHash,
    boolean isParting) {}
