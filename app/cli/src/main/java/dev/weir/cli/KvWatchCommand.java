package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.kv.KvEntry;
import dev.weir.kv.KvEvent;
import dev.weir.kv.KvWatching;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir kv watch`: prints changes as they come.
@Command(
    name = "watch",
    description = "Follow the keys of a bucket, over lost connections too.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir kv watch settings                         changes from now on",
      "  weir kv watch settings/app. --from first       every key now, then changes",
      "  weir kv watch settings --from first --exit-at-end --json"
    })
final class KvWatchCommand implements Callable<Integer> {
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

  @Option(
      names = "--from",
      paramLabel = "START",
      description = "now, first, or behind a revision of this one storage node (now).")
  String from = "now";

  @Option(
      names = {"-e", "--exit-at-end"},
      description = "End once everything that is there has been printed.")
  boolean isEndingAtTail;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "End after N changes.")
  long count = Long.MAX_VALUE;

  KvWatchCommand(Terminal terminal) {
    this.terminal = terminal;
    this.kv = new KvOptions(terminal);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    KvKey place = KvKey.of(bucket, words).require(0);
    long after = after();
    KvEvents events = new KvEvents();
    try (KvOptions.Session session = kv.open();
        KvWatching watching =
            session.client().watch(place.bucket(), place.keyBytes(), after, events).get()) {
      if (after > 0 && watching.nodeCount() > 1) {
        throw new WeirException(
            ErrorCode.USAGE,
            "--from "
                + after
                + " names a revision, but each of the "
                + watching.nodeCount()
                + " storage nodes counts its own: begin at now or first.");
      }
      follow(place.bucket(), events, watching.nodeCount());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw Clients.cause(cause == null ? e : cause);
    }
    return ExitCode.OK.number();
  }

  private void follow(String name, KvEvents events, int nodes) throws InterruptedException {
    long left = count;
    int toSync = nodes;
    while (left > 0 && !terminal.isOutputGone()) {
      switch (events.take()) {
        case KvEvent.Change(KvEntry entry) -> {
          terminal.out().println(common.isJson ? KvLines.of(name, entry) : KvLines.row(entry));
          left--;
        }
        case KvEvent.Forgotten(long revision) ->
            terminal.say(
                "weir: deletions up to revision "
                    + revision
                    + " are forgotten: keys that are not told from here on may be gone.");
        case KvEvent.Synced _ -> {
          toSync--;
          if (toSync == 0 && isEndingAtTail) {
            return;
          }
        }
      }
      if (events.isEmpty()) {
        terminal.flush();
      }
    }
  }

  private long after() {
    return switch (from) {
      case "now" -> -1;
      case "first", "start" -> 0;
      default -> {
        if (!from.matches("\\d{1,18}")) {
          throw new WeirException(
              ErrorCode.USAGE, "--from is '" + from + "', expected now, first or a revision.");
        }
        yield Long.parseLong(from);
      }
    };
  }
}
