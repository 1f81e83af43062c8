package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.kv.KvReceipt;
import dev.weir.kv.KvStore;
import dev.weir.kv.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir kv put`: writes a value and waits until it is on disk.
@Command(
    name = "put",
    description = "Write a value, and wait until it is on disk.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir kv put settings/color blue",
      "  weir kv put settings logo --file logo.png",
      "  tar c . | weir kv put backups/today -",
      "  weir kv put locks/job1 me --if-absent --ttl 30s"
    })
final class KvPutCommand implements Callable<Integer> {
  /// The largest value that any server takes; the server's own limit decides.
  private static final int MAX_BYTES = 16 << 20;

  private static final long NO_REVISION = -1;

  private final Terminal terminal;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin KvOptions kv;

  @Parameters(
      paramLabel = "BUCKET/KEY [VALUE]",
      arity = "1..*",
      description = "Or BUCKET KEY [VALUE]. Without a value, or with -, standard input is.")
  List<String> words = List.of();

  @Option(
      names = "--bucket",
      paramLabel = "BUCKET",
      description = "Then the words are KEY [VALUE].")
  String bucket = "";

  @Option(names = "--file", paramLabel = "FILE", description = "The value is the file's bytes.")
  @Nullable Path file;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "How long it lives, such as 30s or 7d; 0s for ever (as the bucket says).",
      converter = DurationConverter.class)
  @Nullable Duration ttl;

  @Option(
      names = "--if-revision",
      paramLabel = "N",
      description = "Write only if the key is at this revision, 0 for no value; else exit 4.")
  long expected = NO_REVISION;

  @Option(names = "--if-absent", description = "Write only if the key has no value; else exit 4.")
  boolean isNew;

  KvPutCommand(Terminal terminal) {
    this.terminal = terminal;
    this.kv = new KvOptions(terminal);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    KvKey key = KvKey.of(bucket, words).requireKey(file == null ? 1 : 0);
    if (isNew && expected > 0) {
      throw new WeirException(
          ErrorCode.USAGE, "--if-absent means --if-revision 0: give one of the two.");
    }
    Bytes value = value(key);
    try (KvOptions.Session session = kv.open()) {
      return told(
          key,
          session
              .blocking()
              .put(key.bucket(), key.keyBytes(), value, expected(), Optional.ofNullable(ttl)));
    }
  }

  private long expected() {
    return isNew ? 0 : expected < 0 ? KvStore.ANY : expected;
  }

  private Bytes value(KvKey key) throws IOException {
    if (file != null) {
      return Bytes.wrap(Files.readAllBytes(file));
    }
    if (!key.rest().isEmpty() && !key.rest().getFirst().equals("-")) {
      return Bytes.utf8(key.rest().getFirst());
    }
    byte[] read = terminal.in().readNBytes(MAX_BYTES + 1);
    if (read.length > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.TOO_LARGE, "Standard input holds more than 16 MiB, the largest value.");
    }
    return Bytes.wrap(read);
  }

  private int told(KvKey key, WriteResult result) {
    return switch (result) {
      case WriteResult.Stored(KvReceipt receipt) -> {
        print(key, receipt);
        yield ExitCode.OK.number();
      }
      case WriteResult.Conflict(long revision) -> {
        terminal.say("weir: " + conflict(key, revision));
        yield ExitCode.CONFLICT.number();
      }
      case WriteResult.Absent() -> {
        terminal.say("weir: " + key.name() + " has no value.");
        yield ExitCode.NOT_FOUND.number();
      }
    };
  }

  /// Why a conditional write was not done.
  static String conflict(KvKey key, long revision) {
    return revision == 0
        ? key.name() + " has no value. Nothing was written."
        : key.name() + " is at revision " + revision + ". Nothing was written.";
  }

  private void print(KvKey key, KvReceipt receipt) {
    String durability = receipt.durability().name().toLowerCase(Locale.ROOT);
    if (common.isJson) {
      terminal
          .out()
          .println(
              new JsonLine()
                  .put("bucket", key.bucket())
                  .put("key", key.key())
                  .put("revision", receipt.revision())
                  .put("durability", durability)
                  .put("commitMicros", receipt.commitMicros())
                  .line());
    } else if (!common.isQuiet) {
      terminal.out().println("revision " + receipt.revision() + ", " + durability);
    }
  }
}
