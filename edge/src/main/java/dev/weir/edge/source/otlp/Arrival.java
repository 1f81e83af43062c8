package dev.weir.edge.source.otlp;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import org.jspecify.annotations.Nullable;

/// A gRPC message as it came.
///
/// @param request the bytes; empty with a fault
/// @param fault why they could not be had; null when they could
record Arrival(Bytes request, @Nullable WeirException fault) {}
