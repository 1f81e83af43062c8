package dev.weir.bench.ship;

import java.nio.file.Path;
import java.util.Optional;

/// Which other programs ship as well, in the worlds that have a path.
///
/// @param hasRsyslog whether Debian's rsyslog does
/// @param checkout the one that has `app/bench/peers/kafka`, when Kafka does
public record PeerChoice(boolean hasRsyslog, Optional<Path> checkout) {
  public static final PeerChoice NONE = new PeerChoice(false, Optional.empty());
}
