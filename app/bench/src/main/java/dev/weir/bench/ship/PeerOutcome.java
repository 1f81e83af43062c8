package dev.weir.bench.ship;

import java.util.Optional;

/// What a program did in a run beside the modes.
///
/// @param load time, bytes, acks where its protocol has them (else 0), CPU of the near process
/// @param wireBytes bytes that came out of the path towards the far side
/// @param farCpuSeconds of the far process
/// @param audit what the far side holds; empty before it was read back
record PeerOutcome(
    LoadFigures load, long wireBytes, double farCpuSeconds, Optional<ShipAudit.Verdict> audit) {
  PeerOutcome readBack(ShipAudit.Verdict found) {
    return new PeerOutcome(load, wireBytes, farCpuSeconds, Optional.of(found));
  }
}
