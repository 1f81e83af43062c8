package dev.weir.link;

import dev.weir.message.Durability;

/// What an ack of the core settled on one lane.
///
/// @param lane the lane's number
/// @param durableSequence everything up to it is stored
/// @param durability what the ack is worth
/// @param stream where the newly settled frames are stored; empty when unknown
/// @param partition the stream's partition
/// @param baseOffsets the first offset of each newly settled frame, the last element belonging to
///   `durableSequence`; [#NO_OFFSET] for a refused frame; shorter or empty where unknown. Never
///   changed after it was handed over
/// @param commitMicros write and fsync of the newest frame, 0 when unknown
/// @param queueMicros its wait before that, 0 when unknown
@SuppressWarnings(
    "ArrayRecordComponent") // Handed over once per ack; boxing a list would cost more.
public record LaneSettlement(
    int lane,
    long durableSequence,
    Durability durability,
    String stream,
    int partition,
    long[] baseOffsets,
    long commitMicros,
    long queueMicros) {
  /// Stands in for the offset of a frame that was refused.
  public static final long NO_OFFSET = -1;
}
