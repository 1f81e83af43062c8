package dev.weir.bench.ship;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.bench.data.DataSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What `weir bench ship` measures.
///
/// @param directory where spools and stores are written; on the disk to be judged
/// @param java the words that start a JVM with this program's class path, without flags
/// @param profiles the worlds, each with every mode
/// @param modes the ways to ship, in the order of the report
/// @param set what is shipped
/// @param seed of the data and of the lab's losses
/// @param bytes of bodies in each timed run, 1 MB or more
/// @param longest a run offers nothing after that, 1 s to 2 h: its rate is what it shipped until
///   then
/// @param warmUp shipped before each timed part, 0 to 60 s
/// @param runs how often the whole is repeated, all modes in turn, 1 to 20
/// @param peers which other programs ship as well
public record ShipOptions(
    Path directory,
    List<String> java,
    List<ShipProfile> profiles,
    List<ShipMode> modes,
    DataSet set,
    long seed,
    ByteSize bytes,
    Duration longest,
    Duration warmUp,
    int runs,
    PeerChoice peers) {
  public ShipOptions {
    java = List.copyOf(java);
    profiles = List.copyOf(profiles);
    modes = List.copyOf(modes);
    Checks.range("bytes", bytes.bytes(), 1_000_000, Long.MAX_VALUE / 2);
    Checks.range("longest seconds", longest.toSeconds(), 1, 7_200);
    Checks.range("warmUp seconds", warmUp.toSeconds(), 0, 60);
    Checks.range("runs", runs, 1, 20);
  }

  /// The same with other data.
  ShipOptions shipping(DataSet other) {
    return new ShipOptions(
        directory, java, profiles, modes, other, seed, bytes, longest, warmUp, runs, peers);
  }
}
