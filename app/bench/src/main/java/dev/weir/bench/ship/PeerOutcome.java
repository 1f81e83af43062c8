package dev.weir.bench.ship;

/// What another program did in a run.
///
/// @param load time, bytes, acks where its protocol has them (else 0), CPU of the near process
/// @param wireBytes bytes that came out of the path towards the far side
/// @param farCpuSeconds of the far process
/// @param lost messages or, where they cannot be told apart, bytes that are not there
/// @param duplicated messages that are there twice
record PeerOutcome(
    LoadFigures load, long wireBytes, double farCpuSeconds, long lost, long duplicated) {}
