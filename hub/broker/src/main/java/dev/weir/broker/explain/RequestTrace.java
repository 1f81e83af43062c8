package dev.weir.broker.explain;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;

/// A request that came to nothing.
///
/// @param atMicros when its asker was told, microseconds since 1970
/// @param id the asker's; empty without one
/// @param key empty without one
/// @param code why: NO_RESPONDER, OVERLOADED, TIMED_OUT, RESPONDER_LOST, REQUEST_FAILED or another
public record RequestTrace(long atMicros, String topic, Bytes id, Bytes key, ErrorCode code) {}
