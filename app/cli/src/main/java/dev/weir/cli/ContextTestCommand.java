package dev.weir.cli;

import dev.weir.client.WeirClient;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir context test`.
@Command(
    name = "test",
    description = "Ask the core of a context for one topic: whether it answers, and how soon.")
final class ContextTestCommand implements Callable<Integer> {
  private static final int ROUNDS = 5;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "A context (the current one).")
  String name = "";

  ContextTestCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    if (!name.isEmpty()) {
      server.contextName = name;
    }
    String servers = server.servers().stream().map(URI::toString).collect(Collectors.joining(","));
    Duration shortest = Duration.ofSeconds(Long.MAX_VALUE);
    try (WeirClient client = Clients.connect(server)) {
      for (int i = 0; i < ROUNDS; i++) { // The first one connects.
        long before = System.nanoTime();
        client.topics("#", 1);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        shortest = took.compareTo(shortest) < 0 ? took : shortest;
      }
    }
    long micros = shortest.toNanos() / 1_000;
    if (common.isJson) {
      terminal
          .out()
          .println(new JsonLine().put("servers", servers).put("answerMicros", micros).line());
    } else {
      terminal.out().printf("%s answers within %,d us.%n", servers, micros);
    }
    return ExitCode.OK.number();
  }
}
