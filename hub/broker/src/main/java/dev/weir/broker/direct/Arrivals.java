package dev.weir.broker.direct;

import dev.weir.broker.queue.QueueState;

/// What a queue found in a part of the stream.
///
/// @param from by partition, where the part begins
/// @param to by partition, where it ends
/// @param state what is unsettled of it, and when what is delayed is due
@SuppressWarnings("ArrayRecordComponent") // Made once, read once.
record Arrivals(long[] from, long[] to, QueueState state) {}
