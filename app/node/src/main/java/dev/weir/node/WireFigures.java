package dev.weir.node;

import dev.weir.wire.MemoryBudget;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireCounters;

/// What wire's connections came to at one moment.
///
/// @param heldBytes received and not consumed yet
/// @param bufferBytes direct memory in use
record WireFigures(int connections, long heldBytes, long bufferBytes, WireCounters counters) {
  static WireFigures of(WireContext context, int connections) {
    return new WireFigures(
        connections, context.budget().heldBytes(), MemoryBudget.bufferBytes(), context.counters());
  }
}
