package dev.weir.cli;

import dev.weir.auth.AuthBook;
import dev.weir.node.auth.AuthFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which `auth.yaml`. A running core takes what is changed in it within a second.
final class AuthOptions {
  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The file, as auth.file of the core names it (${DEFAULT-VALUE}).",
      defaultValue = "${env:WEIR_AUTH_FILE:-auth.yaml}")
  Path path = Path.of("auth.yaml");

  AuthFile file() {
    return new AuthFile(path);
  }

  AuthBook book() throws IOException {
    return file().load();
  }
}
