package dev.weir.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rival of the append scenario: Jens Axboe's fio, writing the same sizes in sequence with an
/// fdatasync after each write, over a file laid out before, as the log's segments are.
final class Fio {
  private static final Pattern BANDWIDTH =
      Pattern.compile("\"write\"\\s*:\\s*\\{.*?\"bw_bytes\"\\s*:\\s*(\\d+)", Pattern.DOTALL);

  private Fio() {}

  static boolean isInstalled() {
    return Optional.ofNullable(System.getenv("PATH")).stream()
        .flatMap(path -> List.of(path.split(":")).stream())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "fio")));
  }

  /// Runs fio once.
  ///
  /// @return bytes a second that reached the disk
  static double bytesPerSecond(Path directory, int writeBytes, int seconds)
      throws IOException, InterruptedException {
    Path file = directory.resolve("fio.dat");
    List<String> command = new ArrayList<>();
    command.add("fio");
    command.add("--name=append");
    command.add("--filename=" + file);
    command.add("--rw=write");
    command.add("--bs=" + writeBytes);
    command.add("--size=256m");
    command.add("--fdatasync=1");
    command.add("--overwrite=1");
    command.add("--time_based");
    command.add(String.format(Locale.ROOT, "--runtime=%d", seconds));
    command.add("--output-format=json");
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(seconds + 60L, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("fio did not end in time");
    }
    Files.deleteIfExists(file);
    Matcher matcher = BANDWIDTH.matcher(output);
    if (process.exitValue() != 0 || !matcher.find()) {
      throw new IOException("fio failed with exit code " + process.exitValue());
    }
    return Double.parseDouble(matcher.group(1));
  }
}
