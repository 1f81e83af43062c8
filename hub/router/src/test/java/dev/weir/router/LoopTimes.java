package dev.weir.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What a thread's time went to, by the kernel's scheduler: it ran, it waited for a processor, or
/// it had nothing to do. Tells a run that was slowed by its neighbours from one that did more work,
/// or that stood still. Linux only.
///
/// @param ranNanos on a processor
/// @param waitedNanos ready to run, while others did
record LoopTimes(long ranNanos, long waitedNanos) {
  /// The sum over the threads of this process whose name begins so.
  ///
  /// @param prefix at most 15 characters, which the kernel keeps of a name
  static LoopTimes of(String prefix) {
    long ran = 0;
    long waited = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        if (Files.readString(task.resolve("comm")).startsWith(prefix)) {
          String[] numbers = Files.readString(task.resolve("schedstat")).split(" ", -1);
          ran += Long.parseLong(numbers[0]);
          waited += Long.parseLong(numbers[1]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new LoopTimes(ran, waited);
  }

  /// How the time since an earlier reading was spent.
  String since(LoopTimes earlier, double seconds, long operations) {
    double ran = (ranNanos - earlier.ranNanos) / 1e9;
    double waited = (waitedNanos - earlier.waitedNanos) / 1e9;
    return String.format(
        Locale.ROOT,
        "%.2f us each, ran %.0f %%, waited for a processor %.0f %%, idle %.0f %%",
        ran * 1e6 / Math.max(1, operations),
        100 * ran / seconds,
        100 * waited / seconds,
        100 * (1 - (ran + waited) / seconds));
  }
}
