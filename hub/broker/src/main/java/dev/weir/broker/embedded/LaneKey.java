package dev.weir.broker.embedded;

import dev.weir.message.BatchSource;

/// A lane of a source.
record LaneKey(BatchSource source, int lane) {}
