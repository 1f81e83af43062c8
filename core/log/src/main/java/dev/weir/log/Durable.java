package dev.weir.log;

import org.jspecify.annotations.Nullable;

/// How far a log is durable, published as one value so that readers never see half of it.
///
/// @param segment the segment that ends the log, null when there is none yet
/// @param position where its durable frames end
/// @param offset one after the last durable message
record Durable(@Nullable Segment segment, long position, long offset) {}
