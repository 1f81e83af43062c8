package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.log.FileDisk;
import dev.weir.log.Hole;
import dev.weir.log.LogVerifier;
import dev.weir.log.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir log`.
@Command(
    name = "log",
    description = "Look into a log on disk.",
    subcommands = LogCommand.Verify.class)
final class LogCommand extends CommandGroup {
  LogCommand(Terminal terminal) {
    super(terminal);
  }

  /// `weir log verify DIR`.
  @Command(
      name = "verify",
      description = {
        "Read every byte of a log and check it; exit 8 when something is damaged.",
        "Of a log in use the newest segment may look unfinished."
      })
  static final class Verify implements Callable<Integer> {
    /// Data directories hold `<stream>/<partition>`.
    private static final int DEPTH = 3;

    private final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "A data directory, a spool or one log in it.")
    Path directory = Path.of("");

    Verify(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
      if (!Files.isDirectory(directory)) {
        throw new NoSuchFileException(directory.toString());
      }
      List<Path> logs = logs();
      if (logs.isEmpty()) {
        terminal.say("weir: there is no log in '" + directory + "'.");
        return ExitCode.NOT_FOUND.number();
      }
      boolean isIntact = true;
      for (Path log : logs) {
        VerifyReport report =
            LogVerifier.verify(new FileDisk(), log, segment -> print(log, segment));
        isIntact &= report.isIntact();
        summarize(log, report);
      }
      return isIntact ? ExitCode.OK.number() : ExitCode.CHECK_FAILED.number();
    }

    private List<Path> logs() throws IOException {
      try (Stream<Path> files = Files.walk(directory, DEPTH)) {
        return files
            .filter(file -> file.toString().endsWith(".seg"))
            .map(file -> file.toAbsolutePath().getParent())
            .distinct()
            .sorted()
            .toList();
      }
    }

    private void print(Path log, VerifyReport.SegmentReport segment) {
      if (common.isJson) {
        terminal.out().println(json(log, segment));
        return;
      }
      String state = segment.isSealed() ? "sealed" : "open";
      if (!common.isQuiet || !segment.isIntact()) {
        terminal
            .out()
            .printf(
                "%s  %-6s  %,12d messages  %,8d frames  %10s  %s%n",
                segment.fileName(),
                state,
                segment.messages(),
                segment.frames(),
                new ByteSize(segment.bytes()),
                segment.isIntact() ? "intact" : "DAMAGED " + segment.problem());
      }
      for (Hole hole : segment.holes()) {
        terminal
            .out()
            .printf(
                "  hole: bytes %,d to %,d, messages %,d to %,d%n",
                hole.fromPosition(), hole.toPosition(), hole.fromOffset(), hole.toOffset());
      }
    }

    private static String json(Path log, VerifyReport.SegmentReport segment) {
      return new JsonLine()
          .put("log", log.toString())
          .put("segment", segment.fileName())
          .put("sealed", segment.isSealed())
          .put("messages", segment.messages())
          .put("frames", segment.frames())
          .put("bytes", segment.bytes())
          .put("dictionaries", segment.dictionaries())
          .put("holes", segment.holes().size())
          .put("lostMessages", segment.lostMessages())
          .put("problem", segment.problem())
          .put("intact", segment.isIntact())
          .line();
    }

    private void summarize(Path log, VerifyReport report) {
      if (!common.isQuiet) {
        terminal.say(
            String.format(
                "%s: offsets %,d to %,d in %d segments, %s",
                log,
                report.firstOffset(),
                report.endOffset(),
                report.segments().size(),
                report.isIntact()
                    ? "intact"
                    : "DAMAGED, " + report.lostMessages() + " messages lost"));
      }
    }
  }
}
