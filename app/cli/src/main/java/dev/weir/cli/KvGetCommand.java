package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.kv.KvEntry;
import dev.weir.kv.KvHead;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir kv get`: prints a value, bytes as they are.
@Command(
    name = "get",
    description = "Print the value of a key; exit code 3 when it has none.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir kv get settings/color",
      "  weir kv get settings logo > logo.png",
      "  weir kv get settings/color --history"
    })
final class KvGetCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin KvOptions kv;

  @Parameters(paramLabel = "BUCKET/KEY", arity = "1..*", description = "Or BUCKET KEY.")
  List<String> words = List.of();

  @Option(names = "--bucket", paramLabel = "BUCKET", description = "Then the word is the key.")
  String bucket = "";

  @Option(names = "--revision", paramLabel = "N", description = "A kept revision (the newest).")
  long revision;

  @Option(names = "--history", description = "List the kept revisions instead, oldest first.")
  boolean isHistory;

  KvGetCommand(Terminal terminal) {
    this.terminal = terminal;
    this.kv = new KvOptions(terminal);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    KvKey key = KvKey.of(bucket, words).requireKey(0);
    try (KvOptions.Session session = kv.open()) {
      if (isHistory) {
        return history(key, session.blocking().history(key.bucket(), key.keyBytes()));
      }
      Optional<KvEntry> found = session.blocking().get(key.bucket(), key.keyBytes(), revision);
      return found.isEmpty() ? absent(key) : print(key, found.get());
    }
  }

  private int absent(KvKey key) {
    String which = revision == 0 ? "no value" : "no value at revision " + revision;
    terminal.say("weir: " + key.name() + " has " + which + ".");
    return ExitCode.NOT_FOUND.number();
  }

  private int print(KvKey key, KvEntry entry) {
    if (common.isJson) {
      terminal.out().println(KvLines.of(key.bucket(), entry));
    } else {
      Bytes value = entry.value();
      terminal.out().write(value.array(), value.arrayOffset(), value.length());
      if (terminal.isInteractive()) {
        terminal.out().println(); // For the eye; what is piped is the value alone.
      }
    }
    return ExitCode.OK.number();
  }

  private int history(KvKey key, List<KvHead> heads) {
    boolean isKnown = !heads.isEmpty();
    if (!isKnown) {
      terminal.say("weir: " + key.name() + " has no revisions.");
    } else if (!common.isJson) {
      terminal.out().println(KvLines.HEADINGS);
    }
    for (KvHead head : heads) {
      terminal.out().println(common.isJson ? KvLines.of(key.bucket(), head) : KvLines.row(head));
    }
    return isKnown ? ExitCode.OK.number() : ExitCode.NOT_FOUND.number();
  }
}
