/// Message streams on raw TCP: one connection carries many streams, a stream carries messages and
/// calls, and everything is bounded by credit. See [dev.weir.wire.WireConnector] and
/// [dev.weir.wire.WireServer] for the two ends, [dev.weir.wire.FrameHeader] for the bytes.
@NullMarked
package dev.weir.wire;

import org.jspecify.annotations.NullMarked;
