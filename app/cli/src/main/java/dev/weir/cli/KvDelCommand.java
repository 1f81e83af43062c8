package dev.weir.cli;

import dev.weir.kv.KvReceipt;
import dev.weir.kv.KvStore;
import dev.weir.kv.WriteResult;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir kv del`.
@Command(
    name = "del",
    aliases = {"rm", "delete"},
    description = "Delete a value; exit code 3 when there is none.")
final class KvDelCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin KvOptions kv;

  @Parameters(paramLabel = "BUCKET/KEY", arity = "1..*", description = "Or BUCKET KEY.")
  List<String> words = List.of();

  @Option(names = "--bucket", paramLabel = "BUCKET", description = "Then the word is the key.")
  String bucket = "";

  @Option(
      names = "--if-revision",
      paramLabel = "N",
      description = "Delete only if the key is at this revision; else exit 4.")
  long expected = KvStore.ANY;

  KvDelCommand(Terminal terminal) {
    this.terminal = terminal;
    this.kv = new KvOptions(terminal);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    KvKey key = KvKey.of(bucket, words).requireKey(0);
    try (KvOptions.Session session = kv.open()) {
      return told(key, session.blocking().delete(key.bucket(), key.keyBytes(), expected));
    }
  }

  private int told(KvKey key, WriteResult result) {
    return switch (result) {
      case WriteResult.Stored(KvReceipt receipt) -> {
        if (common.isJson) {
          terminal
              .out()
              .println(
                  new JsonLine()
                      .put("bucket", key.bucket())
                      .put("key", key.key())
                      .put("revision", receipt.revision())
                      .line());
        } else if (!common.isQuiet) {
          terminal.out().println("deleted at revision " + receipt.revision());
        }
        yield ExitCode.OK.number();
      }
      case WriteResult.Conflict(long revision) -> {
        terminal.say("weir: " + KvPutCommand.conflict(key, revision));
        yield ExitCode.CONFLICT.number();
      }
      case WriteResult.Absent() -> {
        terminal.say("weir: " + key.name() + " has no value.");
        yield ExitCode.NOT_FOUND.number();
      }
    };
  }
}
