package dev.weir.cli;

import dev.weir.client.ClientOperations.Happened;
import dev.weir.client.WeirClient;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `weir client events`.
@Command(name = "events", description = "Print who came and went; at most the last 1000.")
final class ClientEventsCommand implements Callable<Integer> {
  private static final long PERIOD_MILLIS = 500;

  private final Terminal terminal;
  private final CountDownLatch ended = new CountDownLatch(1);

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what happens, until Ctrl-C.")
  boolean isFollowing;

  ClientEventsCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() throws InterruptedException {
    try (WeirClient client = Clients.connect(server)) {
      long seenMicros = 0;
      do {
        for (Happened event : client.clients().events(seenMicros)) {
          terminal.out().println(common.isJson ? ClientLines.json(event) : ClientLines.row(event));
          seenMicros = Math.max(seenMicros, event.atMicros());
        }
        terminal.flush();
      } while (isFollowing
          && !terminal.isOutputGone()
          && !ended.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    }
    return ExitCode.OK.number();
  }
}
