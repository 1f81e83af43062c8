package dev.weir.edge.source;

import java.util.Map;

/// What a source has done since its start.
///
/// @param kind `stdin`, `file`, `http`, `syslog`, …
/// @param messageCount handed over
/// @param bytes of the bodies handed over
/// @param lagBytes known to be there and not yet read; 0 where that cannot be known
/// @param refusedCount deliveries turned away (HTTP requests answered with an error)
/// @param faults what it met in its input, for each fault that it can meet
/// @param detail the last fault, or something else for people; may be empty
public record SourceStats(
    String name,
    String kind,
    SourceState state,
    long messageCount,
    long bytes,
    long lagBytes,
    long refusedCount,
    Map<SourceFault, Long> faults,
    String detail) {
  public SourceStats {
    faults = Map.copyOf(faults);
  }
}
