package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// How a process of a test is started: heap, flags, environment, and the directory that takes its
/// output. One thread uses it; it may start any number of processes.
final class Launch {
  private static final String CLI = "dev.weir.cli.Main";

  private final Path directory;
  private final List<String> flags = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String mainClass = CLI;
  private boolean isInputOpen;
  private Path input = Path.of("/dev/null");
  private String heap = "-Xmx256m";
  private UnaryOperator<List<String>> place = words -> words;
  private int startedCount;

  /// Processes whose output lands in this directory.
  Launch(Path directory) {
    this.directory = directory;
    environment.put("NO_COLOR", "1");
  }

  /// A main class other than the `weir` command.
  Launch mainClass(String name) {
    mainClass = name;
    return this;
  }

  Launch heap(String size) {
    heap = "-Xmx" + size;
    return this;
  }

  Launch flag(String flag) {
    flags.add(flag);
    return this;
  }

  Launch environment(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /// Starts processes elsewhere: on a side of a lab.
  Launch on(UnaryOperator<List<String>> newPlace) {
    place = newPlace;
    return this;
  }

  /// Keeps the standard input open, for [WeirProcess#type]; otherwise it is empty.
  Launch inputOpen() {
    isInputOpen = true;
    return this;
  }

  /// Gives the content of a file as standard input.
  Launch input(Path file) {
    input = file;
    return this;
  }

  /// Starts one process.
  WeirProcess start(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A short life on a loaded machine: the small compiler and the collector without threads.
    words.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=deny",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            heap));
    words.addAll(flags);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    words.addAll(List.of(arguments));
    String name = "%02d-%s".formatted(startedCount++, arguments.length == 0 ? "run" : arguments[0]);
    name = name.replaceAll("[^A-Za-z0-9.-]", "_");
    try {
      Files.createDirectories(directory);
      Path out = Files.createTempFile(directory, name + "-", ".out");
      Path err = Path.of(out.toString().replaceFirst("\\.out$", ".err"));
      ProcessBuilder builder =
          new ProcessBuilder(place.apply(words))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      builder.redirectInput(
          isInputOpen
              ? ProcessBuilder.Redirect.PIPE
              : ProcessBuilder.Redirect.from(input.toFile()));
      return new WeirProcess(builder.start(), name, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs one process to its end.
  ///
  /// @throws AssertionError when it does not end within a minute; it is killed then
  Ended run(String... arguments) {
    try (WeirProcess process = start(arguments)) {
      int status = process.awaitExit();
      return new Ended(status, process.outputText(), process.errorText());
    }
  }

  /// What a process left behind.
  ///
  /// @param status its exit status
  record Ended(int status, String output, String error) {}
}
