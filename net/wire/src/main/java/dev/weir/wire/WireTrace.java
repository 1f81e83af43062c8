package dev.weir.wire;

/// What a frame says of the trace it belongs to, as W3C Trace Context defines it: 25 bytes of the
/// extension block.
///
/// @param traceHigh the first half of the trace id
/// @param traceLow its second half
/// @param spanId the span that sent the frame
/// @param flags bit 0: the trace is recorded
public record WireTrace(long traceHigh, long traceLow, long spanId, byte flags) {}
