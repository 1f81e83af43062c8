package dev.weir.bench.ship;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.Children;
import dev.weir.bench.data.DataPool;
import dev.weir.lab.Lab;
import dev.weir.lab.Side;
import dev.weir.lab.Way;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A peer: Debian's rsyslog on the near side follows files and sends their lines with omrelp from a
/// disk-assisted queue; rsyslog on the far side takes them with imrelp and writes them to a file,
/// fsynced after each batch. A line is a body.
///
/// RELP acks what the far side has taken over, which is not yet what it has written; there is no
/// stronger ack, and none is timed. Lines are appended as long as every mode offers messages, never
/// further ahead of the far file than a load may be; a run ends when the last one is in the far
/// file.
///
/// One thread runs it.
final class Rsyslog {
  private static final String DAEMON = "/usr/sbin/rsyslogd";
  private static final int PORT = 2514;
  private static final Duration END_WAIT = Duration.ofSeconds(5);

  /// Half a second at 64 Mbit/s; connects, and opens TCP's window.
  private static final ByteSize WARM_UP = ByteSize.ofMebibytes(4);

  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(30);

  /// For what is on its way when nothing more is offered; what takes longer is left uncounted.
  private static final Duration LONGEST_END = Duration.ofSeconds(60);

  private final Path directory;
  private final Lab lab;
  private final Clock clock;

  /// @param directory empty
  Rsyslog(Path directory, Lab lab, Clock clock) {
    this.directory = directory;
    this.lab = lab;
    this.clock = clock;
  }

  /// Whether Debian's rsyslog and rsyslog-relp are installed.
  static boolean isInstalled() {
    return Files.isExecutable(Path.of(DAEMON))
        && Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/rsyslog/omrelp.so"));
  }

  /// Ships so many bytes of a pool's lines, or as many as it can in the time.
  ///
  /// @param aheadBytes how far the followed file may be ahead of the far one
  PeerOutcome run(DataPool lines, ByteSize bytes, Duration longest, long aheadBytes)
      throws IOException {
    Path output = directory.resolve("output.log");
    Path input = Files.createFile(directory.resolve("input.log"));
    InetSocketAddress far = FarAddress.of(lab, PORT);
    InetSocketAddress dialled = lab.dial(far);
    Process receiver = start(Side.FAR, "far", receiverConfig(far, output));
    try {
      Process sender = start(Side.NEAR, "near", senderConfig(input, dialled));
      try (LineFeed feed = new LineFeed(lines, input, output, aheadBytes, clock)) {
        feed.offer(WARM_UP.bytes(), LONGEST_WARM_UP);
        if (!feed.awaitArrived(LONGEST_WARM_UP)) {
          throw new IOException("rsyslog did not deliver its first lines:\n" + said());
        }
        return time(feed, lines, bytes, longest, sender, receiver);
      } finally {
        Children.end(sender, END_WAIT);
      }
    } finally {
      Children.end(receiver, END_WAIT);
    }
  }

  private String said() throws IOException {
    return BenchFiles.tail(directory.resolve("near/said"))
        + BenchFiles.tail(directory.resolve("far/said"));
  }

  private PeerOutcome time(
      LineFeed feed,
      DataPool lines,
      ByteSize bytes,
      Duration longest,
      Process sender,
      Process receiver)
      throws IOException {
    long firstNumber = feed.lines();
    long wireBefore = lab.totals(Way.OUT).bytes();
    double nearBefore = Children.cpuSeconds(sender);
    double farBefore = Children.cpuSeconds(receiver);
    long startNanos = clock.nanoTime();
    feed.offer(bytes.bytes(), longest);
    boolean isAllThere = feed.awaitArrived(LONGEST_END);
    double seconds = (clock.nanoTime() - startNanos) / 1e9;
    double nearCpu = Children.cpuSeconds(sender) - nearBefore;
    double farCpu = Children.cpuSeconds(receiver) - farBefore;
    long wire = lab.totals(Way.OUT).bytes() - wireBefore;
    LineAudit found = LineAudit.of(feed.output(), lines, firstNumber, feed.lines());
    LoadFigures load =
        new LoadFigures(
            seconds,
            (double) found.bytes(),
            (double) found.messages(),
            (double) firstNumber,
            0,
            0,
            nearCpu);
    return new PeerOutcome(
        load, wire, farCpu, isAllThere ? Optional.of(found.verdict()) : Optional.empty());
  }

  private Process start(Side side, String name, String config) throws IOException {
    Path work = Files.createDirectories(directory.resolve(name));
    Path file = Files.writeString(work.resolve("rsyslog.conf"), config);
    List<String> words = new ArrayList<>();
    words.addAll(
        List.of(DAEMON, "-n", "-f", file.toString(), "-i", work.resolve("pid").toString()));
    return Children.start(
        new ProcessBuilder(lab.command(side, words))
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("said").toFile()));
  }

  /// A buffer that holds a batch: omfile fsyncs each time it empties its buffer, with the default
  /// of 4 KiB several times a line.
  private String receiverConfig(InetSocketAddress listen, Path output) {
    return """
    global(workDirectory="%s" maxMessageSize="512k" parser.escapeControlCharactersOnReceive="off")
    module(load="imrelp")
    input(type="imrelp" address="%s" port="%d" maxDataSize="512k")
    template(name="body" type="string" string="%%msg%%\\n")
    action(type="omfile" file="%s" template="body" sync="on" ioBufferSize="1m"
           queue.type="linkedList")
    """
        .formatted(directory.resolve("far"), listen.getHostString(), listen.getPort(), output);
  }

  private String senderConfig(Path input, InetSocketAddress target) {
    return """
    global(workDirectory="%s" maxMessageSize="512k")
    module(load="imfile")
    module(load="omrelp")
    input(type="imfile" file="%s" tag="bench:")
    template(name="plain" type="string" string="<13>1 - - bench - - - %%msg%%")
    action(type="omrelp" target="%s" port="%d" template="plain" action.resumeRetryCount="-1"
           queue.type="linkedList" queue.filename="ship" queue.saveOnShutdown="on")
    """
        .formatted(directory.resolve("near"), input, target.getHostString(), target.getPort());
  }
}
