package dev.weir.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Programs of Debian packages that run as daemons, in the foreground of a test.
final class Daemon {
  private Daemon() {}

  /// Starts one; it ends with the handle.
  ///
  /// @throws AssertionError naming the package when the program is not installed
  static WeirProcess start(Path directory, String aptPackage, List<String> command) {
    String program = command.getFirst();
    if (!Command.isInstalled(program)) {
      throw new AssertionError("needs apt-get install " + aptPackage);
    }
    try {
      Files.createDirectories(directory);
      Path out = Files.createTempFile(directory, program + "-", ".out");
      Path err = Files.createTempFile(directory, program + "-", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new WeirProcess(process, program, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The page at an address; empty when it is not to be had.
  static String page(String address) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(5)).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "";
    } catch (IOException _) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
