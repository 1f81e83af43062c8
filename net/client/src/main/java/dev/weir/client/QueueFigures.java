package dev.weir.client;

/// A queue at one moment, in messages.
///
/// @param config how it was created
/// @param length all that it holds
/// @param held by consumers
/// @param delayed not due yet, retries included
/// @param consumers how many there are
/// @param acked since the core started
/// @param dead given to the dead-letter queue or dropped, since the core started
/// @param lost that could not be read any more, since the core started
public record QueueFigures(
    QueueConfig config,
    long length,
    long held,
    long delayed,
    int consumers,
    long acked,
    long dead,
    long lost) {}
