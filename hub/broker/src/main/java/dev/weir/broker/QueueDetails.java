package dev.weir.broker;

import dev.weir.broker.queue.QueueFigures;

/// A queue at one moment.
///
/// @param lost messages that could not be read any more, since the core started
/// @param dead messages that were given to the dead-letter queue or dropped, since the core started
/// @param acked since the core started
public record QueueDetails(
    QueueSpec spec, QueueFigures figures, long lost, long dead, long acked) {}
