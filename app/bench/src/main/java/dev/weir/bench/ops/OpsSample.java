package dev.weir.bench.ops;

import java.time.Duration;

/// One measurement with what it cost.
///
/// @param figures of the load
/// @param serverCpuMicros user and system time of the server's process, for each operation
/// @param routerCpuMicros of the router's; 0 without one
/// @param loadCpuMicros of the load's
/// @param serverBytes allocated on the server's heap for each operation; NaN for other programs
record OpsSample(
    OpsFigures figures,
    double serverCpuMicros,
    double routerCpuMicros,
    double loadCpuMicros,
    double serverBytes) {
  /// Of a measurement that ended with a failure.
  static OpsSample failed(Duration time) {
    return new OpsSample(OpsFigures.failed(time), 0, 0, 0, 0);
  }
}
