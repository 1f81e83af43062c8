package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// How busy the machine is before anything is measured.
///
/// @param average processes that ran or waited for the disk over the last minute; NaN when unknown
/// @param cores of the machine
public record MachineLoad(double average, int cores) {
  /// With more than that a measurement shows the other work: two cores carry the core, the load and
  /// the lab.
  static final double LIMIT = 1.5;

  /// As the kernel reports it.
  public static MachineLoad now() throws IOException {
    Path file = Path.of("/proc/loadavg");
    double average =
        Files.isReadable(file)
            ? Double.parseDouble(Files.readString(file).replaceAll(" .*\\s*", ""))
            : Double.NaN;
    return new MachineLoad(average, Runtime.getRuntime().availableProcessors());
  }

  public boolean isBusy() {
    return average > LIMIT;
  }

  @Override
  public String toString() {
    return Double.isNaN(average)
        ? "load average unknown, " + cores + " cores"
        : String.format(Locale.ROOT, "load average %.2f on %d cores", average, cores);
  }
}
