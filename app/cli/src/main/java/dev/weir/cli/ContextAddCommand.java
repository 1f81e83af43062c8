package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.ContextSettings;
import dev.weir.config.CoreAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir context add`.
@Command(name = "add", description = "Keep a context, and use it if it is the first.")
final class ContextAddCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin TlsOptions tls = new TlsOptions();

  @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z 0-9 . _ -")
  String name = "";

  @Option(
      names = {"-s", "--server"},
      paramLabel = "URL",
      required = true,
      split = ",",
      description = "The core, weir://HOST:PORT, or weirs:// for TLS; several by preference.")
  List<String> servers = List.of();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Its first line is shown as token; the context keeps its path only.")
  String tokenFile = "";

  @Option(names = "--force", description = "Replace a context of this name.")
  boolean isForced;

  ContextAddCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    ContextStore store = ContextStore.required(terminal);
    if (store.has(name) && !isForced) {
      terminal.say("weir: There is a context '" + name + "' already; --force replaces it.");
      return ExitCode.CONFLICT.number();
    }
    tls.files(); // Refuses half of a pair.
    boolean isFirst = store.names().isEmpty();
    store.write(
        name,
        new ContextSettings(
            servers.stream().map(ContextAddCommand::address).toList(),
            file(tls.authority),
            file(tls.certificate),
            file(tls.key),
            file(tokenFile)));
    if (isFirst) {
      store.select(name);
    }
    if (!common.isQuiet) {
      terminal.say(
          isFirst
              ? "Kept, and used from now on."
              : "Kept. Next: weir context use " + name + ", or -C " + name + ".");
    }
    return ExitCode.OK.number();
  }

  private static CoreAddress address(String text) {
    return CoreAddress.parse(text)
        .orElseThrow(() ->
            new WeirException(
                ErrorCode.USAGE,
                "--server is '" + text + "', expected weir://HOST:PORT or weirs://…."));
  }

  /// The command may run elsewhere next time.
  private static Optional<Path> file(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Path path = Path.of(text).toAbsolutePath().normalize();
    if (!Files.isReadable(path)) {
      throw new WeirException(ErrorCode.USAGE, "The file " + path + " cannot be read.");
    }
    return Optional.of(path);
  }
}
