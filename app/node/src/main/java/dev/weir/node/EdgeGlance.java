package dev.weir.node;

/// What a person wants to know of an edge at first sight.
///
/// @param link the uplink's state in one word
/// @param waitingMessages in the spool and not yet acked by a core
/// @param waitingBytes of them
/// @param rttMicros to the core and back
public record EdgeGlance(String link, long waitingMessages, long waitingBytes, long rttMicros) {}
