package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.kv.KvHead;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir kv ls`: the keys of a bucket, page by page.
@Command(
    name = "ls",
    aliases = "list",
    description = "List the keys of a bucket that have a value, in order of their bytes.")
final class KvLsCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin KvOptions kv;

  @Parameters(
      paramLabel = "BUCKET[/PREFIX]",
      arity = "0..*",
      description = "Or BUCKET [PREFIX]: keys that begin with it.")
  List<String> words = List.of();

  @Option(names = "--bucket", paramLabel = "BUCKET", description = "Then the word is the prefix.")
  String bucket = "";

  @Option(names = "--limit", paramLabel = "N", description = "At most N keys (1000).")
  int limit = PAGE;

  KvLsCommand(Terminal terminal) {
    this.terminal = terminal;
    this.kv = new KvOptions(terminal);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    KvKey place = KvKey.of(bucket, words).require(0);
    int left = limit;
    try (KvOptions.Session session = kv.open()) {
      if (!common.isJson && !common.isQuiet) {
        terminal.out().println(KvLines.HEADINGS);
      }
      Bytes after = Bytes.EMPTY;
      while (left > 0) {
        int asked = Math.min(left, PAGE);
        List<KvHead> page = session.blocking().keys(place.bucket(), place.keyBytes(), after, asked);
        page.forEach(head -> print(place.bucket(), head));
        left -= page.size();
        if (page.size() < asked || terminal.isOutputGone()) {
          return ExitCode.OK.number();
        }
        after = page.getLast().key();
      }
    }
    if (!common.isQuiet) {
      terminal.say("The list was cut at " + limit + " keys; --limit raises that.");
    }
    return ExitCode.OK.number();
  }

  private void print(String name, KvHead head) {
    terminal.out().println(common.isJson ? KvLines.of(name, head) : KvLines.row(head));
  }
}
