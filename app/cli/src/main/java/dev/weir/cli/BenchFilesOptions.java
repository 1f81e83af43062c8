package dev.weir.cli;

import dev.weir.bench.BenchReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where a scenario's results go besides the terminal.
final class BenchFilesOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean isHelp;

  @Option(names = "--json", paramLabel = "FILE", description = "Write weir.bench/v1 there.")
  Optional<Path> json = Optional.empty();

  @Option(names = "--html", paramLabel = "FILE", description = "Write a report with charts there.")
  Optional<Path> html = Optional.empty();

  void write(BenchReport report, String page) throws IOException {
    if (json.isPresent()) {
      Files.writeString(json.get(), report.json() + "\n");
    }
    if (html.isPresent()) {
      Files.writeString(html.get(), page);
    }
  }

  /// The checkout whose launcher runs this, where rivals of the bench can be built.
  static Optional<Path> checkout() {
    return Optional.ofNullable(System.getProperty("weir.checkout"))
        .map(Path::of)
        .filter(checkout -> Files.isDirectory(checkout.resolve("app").resolve("bench")));
  }

  /// The words that start a JVM with this program's class path.
  static List<String> java() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.add("-XX:+UseCompactObjectHeaders");
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return words;
  }
}
