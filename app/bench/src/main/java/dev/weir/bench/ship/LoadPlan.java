package dev.weir.bench.ship;

import dev.weir.base.ByteSize;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What the load process is told, as the words of its command line.
///
/// @param mode how to ship
/// @param target the core
/// @param spool an empty directory
/// @param set what to ship
/// @param seed of the data
/// @param warmUp how long to ship before the watch starts
/// @param bytes how much to ship while it runs
/// @param longest when to stop offering before that
/// @param spoolBytes how far the spool of an edge may be ahead of its core
record LoadPlan(
    ShipMode mode,
    URI target,
    Path spool,
    DataSet set,
    long seed,
    Duration warmUp,
    long bytes,
    Duration longest,
    long spoolBytes) {
  /// Several times the memory of any compressor here, and made in a second.
  private static final ByteSize POOL_SIZE = ByteSize.ofMebibytes(48);

  List<String> words() {
    return List.of(
        mode.name(),
        target.toString(),
        spool.toString(),
        set.label(),
        Long.toString(seed),
        Long.toString(warmUp.toMillis()),
        Long.toString(bytes),
        Long.toString(longest.toMillis()),
        Long.toString(spoolBytes));
  }

  static LoadPlan parse(String[] words) {
    return new LoadPlan(
        ShipMode.parse(words[0]),
        URI.create(words[1]),
        Path.of(words[2]),
        DataSet.parse(words[3]),
        Long.parseLong(words[4]),
        Duration.ofMillis(Long.parseLong(words[5])),
        Long.parseLong(words[6]),
        Duration.ofMillis(Long.parseLong(words[7])),
        Long.parseLong(words[8]));
  }

  static DataPool pool(DataSet set, long seed) {
    return new DataPool(set, seed, POOL_SIZE);
  }
}
