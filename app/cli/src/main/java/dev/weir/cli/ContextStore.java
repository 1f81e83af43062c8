package dev.weir.cli;

import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.ContextFile;
import dev.weir.config.ContextSettings;
import dev.weir.config.mistake.MistakePrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The contexts of one person: a file each below `$XDG_CONFIG_HOME/weir/contexts`, beside the files
/// `current` and `previous` that name one.
///
/// No secret stands in them, but paths of files that hold one.
final class ContextStore {
  /// The name that means: no context.
  static final String NONE = "none";

  private static final String SUFFIX = ".yaml";
  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,62}";

  private final Path home;
  private final Terminal terminal;

  private ContextStore(Path home, Terminal terminal) {
    this.home = home;
    this.terminal = terminal;
  }

  /// The store of the person at a terminal; none where the environment names no home.
  static Optional<ContextStore> of(Terminal terminal) {
    return directory(terminal.environment()).map(path -> new ContextStore(path, terminal));
  }

  /// The XDG base directory specification: relative values are ignored.
  private static Optional<Path> directory(Map<String, String> environment) {
    String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (configured.startsWith("/")) {
      return Optional.of(Path.of(configured, "weir"));
    }
    String home = environment.getOrDefault("HOME", "");
    return home.startsWith("/") ? Optional.of(Path.of(home, ".config", "weir")) : Optional.empty();
  }

  /// @throws WeirException USAGE where there is no home
  static ContextStore required(Terminal terminal) {
    return of(terminal)
        .orElseThrow(() ->
            new WeirException(
                ErrorCode.USAGE,
                "Contexts are kept below $XDG_CONFIG_HOME or $HOME, and neither is set."));
  }

  /// The names, in order.
  List<String> names() {
    try (Stream<Path> files = Files.list(home.resolve("contexts"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The one that commands use when no other is named.
  Optional<String> current() {
    return named("current");
  }

  /// The one before it.
  Optional<String> previous() {
    return named("previous");
  }

  private Optional<String> named(String pointer) {
    try {
      String name = Files.readString(home.resolve(pointer)).strip();
      return name.isEmpty() ? Optional.empty() : Optional.of(name);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws WeirException USAGE when there is none of this name
  /// @throws ConfigurationRefused after printing what is wrong with its file
  ContextSettings read(String name) {
    requireKnown(name);
    return switch (ContextFile.read(file(name))) {
      case ContextFile.Result.Read(var settings) -> settings;
      case ContextFile.Result.Refused(var mistakes) -> {
        terminal.say(MistakePrinter.human(mistakes, terminal.isColored()));
        throw new ConfigurationRefused();
      }
    };
  }

  void requireKnown(String name) {
    if (!Files.exists(file(name))) {
      List<String> names = names();
      String known =
          names.isEmpty() ? "there is none yet" : "known are " + String.join(", ", names);
      throw new WeirException(
          ErrorCode.USAGE, "There is no context '" + name + "'; " + known + ".");
    }
  }

  boolean has(String name) {
    return Files.exists(file(name));
  }

  void write(String name, ContextSettings settings) throws IOException {
    replace(file(name), ContextFile.text(settings));
  }

  /// Makes a context the current one, or none.
  void select(String name) throws IOException {
    if (!name.equals(NONE)) {
      requireKnown(name);
    }
    String former = current().orElse(NONE);
    if (!former.equals(name)) {
      replace(home.resolve("previous"), former + "\n");
    }
    replace(home.resolve("current"), name.equals(NONE) ? "" : name + "\n");
  }

  void remove(String name) throws IOException {
    requireKnown(name);
    if (current().equals(Optional.of(name))) {
      select(NONE);
    }
    Files.delete(file(name));
  }

  Path file(String name) {
    Checks.argument(
        name.matches(NAME) && !name.equals(NONE),
        "a context's name is '" + name + "', expected 1 to 63 of a-z 0-9 . _ - and not 'none'");
    return home.resolve("contexts").resolve(name + SUFFIX);
  }

  private static void replace(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            ".context",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
