package dev.weir.edge.source;

/// What a source has done since its start.
///
/// @param kind as it is written in configuration: `stdin`, `file`, `http`, `otlp` …
/// @param messageCount handed over
/// @param bytes of the bodies handed over
/// @param lagBytes known to be there and not yet read; 0 where that cannot be known
/// @param refusedCount deliveries turned away (requests answered with an error, scrapes that
///   failed)
/// @param detail the last fault, or something else for people; may be empty
public record SourceStats(
    String name,
    String kind,
    SourceState state,
    long messageCount,
    long bytes,
    long lagBytes,
    long refusedCount,
    String detail) {}
