package dev.weir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks at the configuration's files once a second and calls back, on its own thread, when one was
/// changed. Polled, since a file that is replaced through a link (as orchestrators do) tells a
/// watcher of its directory nothing.
final class ConfigWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1_000;

  private final List<Path> files;
  private final Runnable onChange;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-config").factory());
  private List<FileTime> seen;

  /// Watches nothing when there are no files.
  ConfigWatch(List<Path> files, Runnable onChange) {
    this.files = List.copyOf(files);
    this.onChange = onChange;
    this.seen = times();
    if (!files.isEmpty()) {
      var _ =
          timer.scheduleWithFixedDelay(
              this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    List<FileTime> now = times();
    if (!now.equals(seen)) {
      seen = now;
      onChange.run();
    }
  }

  private List<FileTime> times() {
    List<FileTime> times = new ArrayList<>();
    for (Path file : files) {
      try {
        times.add(Files.getLastModifiedTime(file));
      } catch (IOException _) {
        times.add(FileTime.fromMillis(0)); // Away for the moment in which it is replaced.
      }
    }
    return times;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
