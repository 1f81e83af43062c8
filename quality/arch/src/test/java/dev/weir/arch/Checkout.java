package dev.weir.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The checkout under test: its root and its own source files.
final class Checkout {
  private Checkout() {}

  static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve("ARCHITECTURE.md"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException("no ARCHITECTURE.md above the working directory");
      }
    }
    return path;
  }

  /// Every Java source of every module, without generated ones.
  static List<Path> javaSources() {
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String relative(Path file) {
    return root().relativize(file).toString();
  }
}
