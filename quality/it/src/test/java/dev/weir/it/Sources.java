package dev.weir.it;

import java.nio.file.Files;
import java.nio.file.Path;

/// Files of this module that are not Java, found from any working directory inside the checkout.
final class Sources {
  private static final String MODULE = "quality/it";

  private Sources() {}

  /// The root of the checkout.
  static Path root() {
    Path path = Path.of("").toAbsolutePath();
    while (!Files.exists(path.resolve(MODULE + "/pom.xml"))) {
      path = path.getParent();
      if (path == null) {
        throw new IllegalStateException("no " + MODULE + " above the working directory");
      }
    }
    return path;
  }

  /// A file of `src/test`: `native/weirfaults.c`.
  static Path test(String name) {
    return root().resolve(MODULE + "/src/test").resolve(name);
  }
}
