package dev.weir.log;

import dev.weir.base.Bytes;

/// The owner's state as it was written at the start of a segment.
///
/// @param offset the next message offset at that moment
/// @param payload what [LogHooks#snapshot] returned
public record LogSnapshot(long offset, Bytes payload) {}
