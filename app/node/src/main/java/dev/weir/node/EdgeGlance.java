package dev.weir.node;

/// What a person wants to know of an edge at first sight.
///
/// @param link the uplink's state in one word
/// @param waitingMessages in the spool and not yet acked by a core
/// @param waitingBytes of them
/// @param lateMessages of them, those of before an outage, which drain behind the others
/// @param rolls how often new data were put before a backlog
/// @param rttMicros to the core and back
/// @param windowBytes what may be in flight
/// @param heldBy what held sending back most in the last second, in one word; `-` when unknown
public record EdgeGlance(
    String link,
    long waitingMessages,
    long waitingBytes,
    long lateMessages,
    int rolls,
    long rttMicros,
    long windowBytes,
    String heldBy) {}
