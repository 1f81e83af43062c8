package dev.weir.node;

import dev.weir.wire.WireContext;
import dev.weir.wire.WireCounters;

/// What wire's connections came to at one moment.
record WireFigures(int connections, long heldBytes, WireCounters counters) {
  static WireFigures of(WireContext context, int connections) {
    return new WireFigures(connections, context.budget().heldBytes(), context.counters());
  }
}
