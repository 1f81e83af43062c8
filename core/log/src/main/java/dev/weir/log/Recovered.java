package dev.weir.log;

import java.util.List;
import java.util.UUID;

/// What recovery hands to the log that starts.
///
/// @param durable where the log ends
/// @param nextNumber the number of the next segment
/// @param lastMicros the time of the newest frame
/// @param previous how the next segment's header describes the one before it
/// @param pendingHoles holes that no HOLE frame records yet
record Recovered(
    UUID log,
    SegmentCatalog catalog,
    SegmentIndexes indexes,
    Durable durable,
    long nextNumber,
    long lastMicros,
    Previous previous,
    List<Hole> pendingHoles,
    RecoveryReport report) {

  /// The segment before the next one: its number, where it ends, its footer's chain value.
  record Previous(long number, long end, int chain) {
    static final Previous NONE = new Previous(0, 0, 0);
  }
}
