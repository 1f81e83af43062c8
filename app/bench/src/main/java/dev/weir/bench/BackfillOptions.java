package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.spool.BackfillPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the backfill scenario does.
///
/// @param directory on the disk that is measured
/// @param coreCommand starts a core; used when there is no target
/// @param target a core that runs already, behind whatever link; empty for one behind a relay here
/// @param backlog bytes that wait when the link comes back, 1 MiB or more
/// @param megabitsPerSecond of the relay, 1 to 10,000
/// @param freshBytesPerSecond of new data meanwhile, 1 KiB or more
/// @param order what goes first
public record BackfillOptions(
    Path directory,
    List<String> coreCommand,
    Optional<URI> target,
    ByteSize backlog,
    int megabitsPerSecond,
    ByteSize freshBytesPerSecond,
    BackfillPolicy.Order order) {
  public BackfillOptions {
    coreCommand = List.copyOf(coreCommand);
    Checks.range("backlog", backlog.bytes(), 1 << 20, 1L << 40);
    Checks.range("rate", megabitsPerSecond, 1, 10_000);
    Checks.range("fresh", freshBytesPerSecond.bytes(), 1 << 10, 1 << 28);
  }
}
