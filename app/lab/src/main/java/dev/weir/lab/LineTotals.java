package dev.weir.lab;

/// What one direction did since it was opened.
///
/// @param packets that came out; pieces of a stream with a relay
/// @param bytes in them, with IP headers; without them with a relay
/// @param dropped packets that did not
public record LineTotals(long packets, long bytes, long dropped) {}
