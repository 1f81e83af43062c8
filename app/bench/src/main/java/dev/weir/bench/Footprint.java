package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What a process has used so far, as Linux tells it (proc(5)).
///
/// @param cpu of all its threads, in steps of 10 ms
/// @param residentBytes now; 0 when it has ended
/// @param peakBytes the most that it ever had resident; 0 when it has ended
record Footprint(Duration cpu, long residentBytes, long peakBytes) {

  static Footprint of(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long resident = 0;
    long peak = 0;
    for (String line : Files.readAllLines(status)) {
      resident = line.startsWith("VmRSS:") ? bytes(line) : resident;
      peak = line.startsWith("VmHWM:") ? bytes(line) : peak;
    }
    return new Footprint(process.info().totalCpuDuration().orElse(Duration.ZERO), resident, peak);
  }

  /// `VmRSS: 81234 kB`.
  private static long bytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
  }

  /// CPU seconds since another look.
  double cpuSecondsSince(Footprint before) {
    return cpu.minus(before.cpu).toNanos() / 1e9;
  }
}
