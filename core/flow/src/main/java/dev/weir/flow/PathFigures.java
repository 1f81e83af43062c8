package dev.weir.flow;

/// What a window measured of its path; zeros before the first ack.
///
/// @param bytesPerSecond the highest delivery rate of late
/// @param minRttMicros the smallest round trip of late, without the core's part
/// @param commitMicros the core's write and fsync, smoothed
/// @param queueMicros the rest of a frame's time at the core, smoothed
public record PathFigures(
    long bytesPerSecond, long minRttMicros, long commitMicros, long queueMicros) {}
