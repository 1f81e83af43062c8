package dev.weir.broker.queue;

/// What a queue holds at one moment, in messages.
///
/// @param length all of it
/// @param held by consumers
/// @param delayed not due yet, retries included
/// @param loaded in memory with more than their position
/// @param consumers how many there are
public record QueueFigures(long length, int held, long delayed, int loaded, int consumers) {}
