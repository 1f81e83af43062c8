package dev.weir.cli;

import dev.weir.kv.BucketConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir kv bucket`.
@Command(
    name = "bucket",
    description = "Say how buckets are kept.",
    subcommands = KvBucketCommand.Set.class)
final class KvBucketCommand extends CommandGroup {
  KvBucketCommand(Terminal terminal) {
    super(terminal);
  }

  /// `weir kv bucket set`.
  @Command(
      name = "set",
      aliases = "create",
      description = "Make a bucket, or change how one is kept, on every storage node.")
  static final class Set implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();
    @Mixin KvOptions kv;

    @Parameters(paramLabel = "BUCKET", arity = "1", description = "Its name.")
    String bucket = "";

    @Option(
        names = "--history",
        paramLabel = "N",
        description = "How many revisions of a key are kept, 1 to 64 (1).")
    int history = 1;

    @Option(
        names = "--ttl",
        paramLabel = "DURATION",
        description = "How long values live whose writer says nothing; 0s for ever (0s).",
        converter = DurationConverter.class)
    Duration ttl = Duration.ZERO;

    Set(Terminal terminal) {
      this.terminal = terminal;
      this.kv = new KvOptions(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      BucketConfig config = config();
      try (KvOptions.Session session = kv.open()) {
        session.blocking().configure(bucket, config);
      }
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("bucket", bucket)
                    .put("history", config.history())
                    .put("ttlMillis", config.ttl().toMillis())
                    .line());
      }
      return ExitCode.OK.number();
    }

    private BucketConfig config() {
      if (history < 1 || history > BucketConfig.MAX_HISTORY) {
        throw new dev.weir.base.WeirException(
            dev.weir.base.ErrorCode.USAGE,
            "--history is " + history + ", expected 1 to " + BucketConfig.MAX_HISTORY + ".");
      }
      return new BucketConfig(history, ttl);
    }
  }
}
