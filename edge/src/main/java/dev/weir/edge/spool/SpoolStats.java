package dev.weir.edge.spool;

import dev.weir.log.LogStats;
import java.util.Map;

/// A spool at one moment.
///
/// @param unackedBytes frames that are neither acked nor given up
/// @param unackedMessages messages in those of them that are durable
/// @param oldestMicros when the oldest of them was written, microseconds since 1970; 0 for none;
///   looked up once a second
/// @param settledSequence everything up to it is durable in a core
/// @param nextSequence the next frame's
/// @param isFull whether nothing is taken now
/// @param losses what was lost since the spool was created
/// @param log the log's own figures
public record SpoolStats(
    long unackedBytes,
    long unackedMessages,
    long oldestMicros,
    long settledSequence,
    long nextSequence,
    boolean isFull,
    Map<LossReason, LossTotal> losses,
    LogStats log) {}
