package dev.weir.bench.ship;

import java.util.regex.Pattern;

/// What the processes of a run agree on.
final class ShipWords {
  static final String TOPIC = "bench/ship";

  /// The load process says this on its standard output when the timed part begins.
  static final String BEGIN = "begin";

  /// `acked BYTES`, several times a second.
  static final Pattern ACKED = Pattern.compile("acked (\\d+)");

  /// `end NAME=VALUE …`, once: see [LoadFigures].
  static final Pattern END = Pattern.compile("end (.*)");

  private ShipWords() {}
}
