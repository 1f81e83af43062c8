package dev.weir.cli;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.edge.spool.SpoolInspector;
import dev.weir.log.FileDisk;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `weir spool`: works on the spool of an edge that does not run.
@Command(
    name = "spool",
    description = {
      "Look into the spool of an edge that does not run.",
      "Of a running one, its metrics tell: http://127.0.0.1:4760/metrics"
    },
    subcommands = {SpoolCommand.Ls.class, SpoolCommand.Verify.class, SpoolCommand.Export.class})
final class SpoolCommand extends CommandGroup {
  SpoolCommand(Terminal terminal) {
    super(terminal);
  }

  /// What the three have in common.
  abstract static class OnSpool implements Callable<Integer> {
    final Terminal terminal;

    @Mixin CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "The spool's directory.")
    Path directory = Path.of("");

    OnSpool(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public final Integer call() throws IOException {
      if (!Files.isDirectory(directory)) {
        throw new NoSuchFileException(directory.toString());
      }
      try (SpoolInspector spool = SpoolInspector.open(directory, new FileDisk(), Clock.SYSTEM)) {
        return run(spool).number();
      }
    }

    abstract ExitCode run(SpoolInspector spool) throws IOException;
  }

  /// `weir spool ls DIR`.
  @Command(
      name = "ls",
      aliases = "list",
      description = "List the frames and whether a core has them.")
  static final class Ls extends OnSpool {
    private final Map<Integer, Long> waitingOfLane = new TreeMap<>();
    private long waitingMessages;
    private long waitingBytes;

    Ls(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run(SpoolInspector spool) throws IOException {
      if (!common.isJson) {
        terminal
            .out()
            .println(
                "  LANE      SEQUENCE  STATE    MESSAGES       BYTES         RAW  TIME  TOPICS");
      }
      spool.list(this::print);
      if (!common.isQuiet && waitingOfLane.size() > 1) {
        waitingOfLane.forEach((lane, messages) ->
            terminal.say(String.format("lane %d: %,d messages wait", lane, messages)));
      }
      if (!common.isQuiet) {
        terminal.say(
            String.format(
                "%,d messages (%s) wait for a core; agent %s",
                waitingMessages,
                new ByteSize(waitingBytes),
                spool.source().map(Object::toString).orElse("unknown")));
      }
      return ExitCode.OK;
    }

    private void print(SpoolInspector.FrameLine frame) {
      if (!frame.isAcked()) {
        waitingMessages += frame.messages();
        waitingOfLane.merge(frame.lane(), (long) frame.messages(), Long::sum);
        waitingBytes += frame.bytes();
      }
      String time = Times.iso(frame.timeMicros());
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("lane", frame.lane())
                    .put("sequence", frame.sequence())
                    .put("acked", frame.isAcked())
                    .put("messages", frame.messages())
                    .put("bytes", frame.bytes())
                    .put("rawBytes", frame.rawBytes())
                    .put("time", time)
                    .put("topics", String.join(" ", frame.topics()))
                    .line());
      } else {
        terminal
            .out()
            .printf(
                "%6d  %,12d  %-7s %,9d  %,10d  %,10d  %s  %s%n",
                frame.lane(),
                frame.sequence(),
                frame.isAcked() ? "acked" : "waits",
                frame.messages(),
                frame.bytes(),
                frame.rawBytes(),
                time,
                String.join(" ", frame.topics()));
      }
    }
  }

  /// `weir spool verify DIR`.
  @Command(name = "verify", description = "Decode every frame; exit 8 when something is damaged.")
  static final class Verify extends OnSpool {
    Verify(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run(SpoolInspector spool) throws IOException {
      SpoolInspector.Verdict verdict = spool.verify();
      if (common.isJson) {
        terminal
            .out()
            .println(
                new JsonLine()
                    .put("frames", verdict.frames())
                    .put("messages", verdict.messages())
                    .put("damagedFrames", verdict.damaged().size())
                    .put("missingFrames", verdict.missing())
                    .put("gaps", verdict.gaps().size())
                    .put("sound", verdict.isSound())
                    .line());
      } else {
        terminal
            .out()
            .printf(
                "%,d frames with %,d messages, %d damaged, %d missing, %d gaps: %s%n",
                verdict.frames(),
                verdict.messages(),
                verdict.damaged().size(),
                verdict.missing(),
                verdict.gaps().size(),
                verdict.isSound() ? "sound" : "DAMAGED");
        verdict.gaps().forEach(gap -> terminal.out().println("  gap: messages " + gap));
      }
      return verdict.isSound() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }
  }

  /// `weir spool export DIR`.
  @Command(
      name = "export",
      description = "Print the messages that no core has, one JSON object a line.")
  static final class Export extends OnSpool {
    Export(Terminal terminal) {
      super(terminal);
    }

    @Override
    ExitCode run(SpoolInspector spool) {
      Iterator<Message> messages = spool.export();
      while (messages.hasNext() && !terminal.isOutputGone()) {
        terminal.out().println(MessageLines.of(messages.next()).line());
      }
      return ExitCode.OK;
    }
  }
}
