package dev.weir.bench.scale;

import dev.weir.base.Checks;
import java.nio.file.Path;
import java.util.List;

/// What the scale cases of `weir bench hub` measure.
///
/// @param java the words that start a JVM with this program's class path, without flags
/// @param directory where the hub writes: the disk that is judged
/// @param cases as [#CASES] names them, in the order of the report
/// @param share of the full size, in hundredths, 1 to 100
/// @param seconds of each measurement, 1 to 60
public record ScaleOptions(
    List<String> java, Path directory, List<String> cases, int share, int seconds) {
  /// Every case.
  public static final List<String> CASES = ScaleCase.all();

  public ScaleOptions {
    java = List.copyOf(java);
    cases = List.copyOf(cases);
    cases.forEach(ScaleCase::parse);
    Checks.range("share", share, 1, 100);
    Checks.range("seconds", seconds, 1, 60);
  }

  List<ScaleCase> sizes() {
    return cases.stream().map(ScaleCase::parse).toList();
  }

  /// So many of a full size.
  int of(int full) {
    return Math.max(1, (int) ((long) full * share / 100));
  }
}
