package dev.weir.bench.hub;

import dev.weir.load.HubFigures;

/// One measurement of a hub at a workload.
///
/// @param flatOut as fast as the window lets messages out
/// @param steady at the steady rate
/// @param serverCpuSeconds user and system time of the hub's processes while flat out
/// @param loadCpuSeconds of the load's process, which is publisher and readers
record HubSample(
    HubFigures flatOut, HubFigures steady, double serverCpuSeconds, double loadCpuSeconds) {
  /// CPU seconds of the hub for a million deliveries.
  double serverCpuPerMillion() {
    return serverCpuSeconds / Math.max(1, flatOut.deliveries()) * 1e6;
  }

  double loadCpuPerMillion() {
    return loadCpuSeconds / Math.max(1, flatOut.deliveries()) * 1e6;
  }

  long faults() {
    return flatOut.faults() + steady.faults();
  }
}
