package dev.weir.log;

import java.util.List;

/// What opening a log found and did.
///
/// @param segments files found
/// @param scannedBytes bytes read to find the end
/// @param cutBytes bytes after the end that were never acknowledged
/// @param holes damaged acknowledged ranges, now recorded
/// @param wasClean whether the log had been closed properly
/// @param elapsedMicros how long it took
public record RecoveryReport(
    int segments,
    long scannedBytes,
    long cutBytes,
    List<Hole> holes,
    boolean wasClean,
    long elapsedMicros) {
  public RecoveryReport {
    holes = List.copyOf(holes);
  }
}
