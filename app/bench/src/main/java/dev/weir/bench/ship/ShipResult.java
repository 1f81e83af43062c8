package dev.weir.bench.ship;

/// One timed run.
///
/// @param load what the load process saw
/// @param wireBytes bytes that came out of the path towards the core, with IP headers; 0 on
///   loopback
/// @param utilisation part of the path's rate that they are, 0 to 1; 0 without a rate
/// @param coreCpuSeconds of the core in that time, user and system
/// @param audit what the core's log holds
record ShipResult(
    LoadFigures load,
    long wireBytes,
    double utilisation,
    double coreCpuSeconds,
    ShipAudit.Verdict audit) {
  double bitsPerSecond() {
    return load.bytes() * 8 / load.seconds();
  }
}
