package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import java.io.InputStream;
import java.util.Map;

/// What an edge lends its sources.
///
/// @param pulled for sources that nobody waits for: a full one makes them wait, and their batches
///   linger for company
/// @param waitedFor for sources whose sender waits for the fsync: flushed at once
/// @param admission says, before work is done for a sender that waits, whether there is room
/// @param positions where sources stood when the edge stopped, by key
/// @param stdin read by the one source that asks for it
public record SourceContext(
    Intake pulled,
    Intake waitedFor,
    Admission admission,
    Map<String, Bytes> positions,
    InputStream stdin,
    Clock clock) {
  public SourceContext {
    positions = Map.copyOf(positions);
  }
}
