package dev.weir.log;

/// A log's figures at one moment. Counters count since the log was opened.
///
/// @param condition whether appends are taken
/// @param bytes on disk, segments and spare
/// @param segments how many files
/// @param firstOffset first message still kept
/// @param durableOffset one after the last durable message
/// @param appendedFrames frames made durable
/// @param appendedMessages messages in them
/// @param appendedBytes bytes of these frames on disk
/// @param commits groups written with one fsync each
/// @param commitLatency write and fsync of a group
/// @param holes damaged ranges met
/// @param suspectSegments segments given up after a failed write or fsync
/// @param queueBytes appends not yet durable
/// @param checkpointFailures checkpoints that could not be stored (start-up then reads more)
public record LogStats(
    LogCondition condition,
    long bytes,
    int segments,
    long firstOffset,
    long durableOffset,
    long appendedFrames,
    long appendedMessages,
    long appendedBytes,
    long commits,
    LatencySummary commitLatency,
    long holes,
    long suspectSegments,
    long queueBytes,
    long checkpointFailures) {}
