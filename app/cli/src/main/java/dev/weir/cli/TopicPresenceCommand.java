package dev.weir.cli;

import dev.weir.client.Member;
import dev.weir.client.MemberChange;
import dev.weir.client.PresenceListener;
import dev.weir.client.PresenceWatch;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir topic presence TOPIC [--watch]`.
@Command(
    name = "presence",
    description = "Show who is present at a topic; with --watch who comes and goes.")
final class TopicPresenceCommand implements Callable<Integer> {
  private static final String ROW = "%-8s  %-27s  %-20s  %s%n";

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "TOPIC", description = "A topic: a/b/c.")
  String topic = "";

  @Option(
      names = {"-w", "--watch"},
      description = "Go on with each change, until it is interrupted.")
  boolean isWatching;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "With --watch: end after N changes.")
  long count = Long.MAX_VALUE;

  TopicPresenceCommand(Terminal terminal) {
    this.terminal = terminal;
    this.server = new ServerOptions(terminal);
  }

  @Override
  public Integer call() {
    Range.check("--count", count, 1, Long.MAX_VALUE);
    try (WeirClient client = Clients.connect(server)) {
      if (!common.isJson) {
        terminal.out().printf(Locale.ROOT, ROW, "WHAT", "SINCE", "MEMBER", "DATA");
      }
      if (isWatching) {
        watch(client);
      } else {
        client.presence().members(topic).forEach(member -> print("present", member));
      }
    }
    return ExitCode.OK.number();
  }

  private void watch(WeirClient client) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try (PresenceWatch watch = client.presence().watch(topic, new Printer(done))) {
      CompletableFuture.anyOf(done, watch.ended()).join();
    } catch (CompletionException e) {
      throw Clients.cause(e);
    }
  }

  /// Prints what it hears, on the client's event loop.
  private final class Printer implements PresenceListener {
    private final CompletableFuture<Void> done;
    private long left = count;

    Printer(CompletableFuture<Void> done) {
      this.done = done;
    }

    @Override
    public void members(List<Member> members, long sequence) {
      members.forEach(member -> print("present", member));
      endIfGone();
    }

    @Override
    public void changed(MemberChange change) {
      if (left <= 0) {
        return;
      }
      print(change.kind().name().toLowerCase(Locale.ROOT), change.member());
      left--;
      endIfGone();
    }

    private void endIfGone() {
      terminal.flush();
      if (left == 0 || terminal.isOutputGone()) {
        done.complete(null);
      }
    }
  }

  private void print(String what, Member member) {
    String since = Times.iso(member.sinceMicros());
    if (!common.isJson) {
      terminal.out().printf(Locale.ROOT, ROW, what, since, member.name(), member.data().utf8());
      return;
    }
    JsonLine line = new JsonLine().put("what", what).put("member", member.name());
    if (!member.user().isEmpty()) {
      line.put("user", member.user());
    }
    terminal
        .out()
        .println(
            line.putBytes("data", "dataEncoding", member.data())
                .put("since", since)
                .put("graceMillis", member.grace().toMillis())
                .line());
  }
}
