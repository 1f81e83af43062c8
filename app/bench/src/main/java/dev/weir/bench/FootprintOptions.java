package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.nio.file.Path;
import java.util.List;

/// What the footprint scenario does.
///
/// @param directory where the input, the spool and the core write
/// @param coreCommand starts a core
/// @param edgeCommand starts an edge
/// @param bytesPerSecond how fast the input grows, 1 KiB or more
/// @param seconds how long it grows, 1 to 86,400
/// @param idleSeconds how long nothing happens before, 1 to 86,400
public record FootprintOptions(
    Path directory,
    List<String> coreCommand,
    List<String> edgeCommand,
    ByteSize bytesPerSecond,
    int seconds,
    int idleSeconds) {
  public FootprintOptions {
    coreCommand = List.copyOf(coreCommand);
    edgeCommand = List.copyOf(edgeCommand);
    Checks.range("rate", bytesPerSecond.bytes(), 1 << 10, 1L << 32);
    Checks.range("seconds", seconds, 1, 86_400);
    Checks.range("idle", idleSeconds, 1, 86_400);
  }
}
