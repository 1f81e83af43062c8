package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.Children;
import dev.weir.bench.data.DataPool;
import dev.weir.lab.Lab;
import dev.weir.lab.Side;
import dev.weir.lab.Way;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A peer: Debian's rsyslog follows a file on the near side and sends its lines with omrelp;
/// rsyslog on the far side takes them with imrelp and writes them to a file, fsynced after each
/// batch. The lines are the bodies of the data set `logs`, one body a line.
///
/// RELP acks what the far side has taken over, which is not yet what it has written; there is no
/// stronger ack, and none is timed. The time counts until the last line is in the far file; when
/// not all is there in time, what is there counts.
final class Rsyslog {
  private static final String DAEMON = "/usr/sbin/rsyslogd";
  private static final int PORT = 2514;
  private static final Duration LOOK = Duration.ofMillis(20);

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

  /// Ships so many bytes of a pool's bodies, or what arrives in the time.
  PeerOutcome run(DataPool pool, long bytes, Duration longest) throws IOException {
    Path input = directory.resolve("input.log");
    long written = write(input, pool, bytes);
    Path output = directory.resolve("output.log");
    InetSocketAddress far = InetSocketAddress.createUnresolved(lab.host(), PORT);
    InetSocketAddress dialled = lab.dial(far);
    Process receiver = start(Side.FAR, "far", receiverConfig(output));
    try {
      long wireBefore = lab.totals(Way.OUT).bytes();
      long startNanos = clock.nanoTime();
      Process sender = start(Side.NEAR, "near", senderConfig(input, dialled));
      try {
        long arrived = awaitSize(output, written, longest);
        double seconds = (clock.nanoTime() - startNanos) / 1e9;
        return new PeerOutcome(
            new LoadFigures(seconds, (double) arrived, 0, 0, 0, 0, cpuSeconds(sender)),
            lab.totals(Way.OUT).bytes() - wireBefore,
            cpuSeconds(receiver),
            0,
            Math.max(0, arrived - written));
      } finally {
        end(sender);
      }
    } finally {
      end(receiver);
    }
  }

  private static long write(Path file, DataPool pool, long bytes) throws IOException {
    long written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (long number = 0; written < bytes; number++) {
        byte[] body = pool.body(number);
        for (int i = 0; i < body.length; i++) {
          body[i] = body[i] == '\n' ? (byte) ' ' : body[i];
        }
        out.write(body);
        out.write('\n');
        written += body.length + 1L;
      }
    }
    return written;
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
            .redirectOutput(work.resolve("output").toFile()));
  }

  private String receiverConfig(Path output) {
    return """
    global(workDirectory="%s" maxMessageSize="512k" parser.escapeControlCharactersOnReceive="off")
    module(load="imrelp")
    input(type="imrelp" port="%d" maxDataSize="512k")
    template(name="body" type="string" string="%%msg%%\\n")
    action(type="omfile" file="%s" template="body" sync="on" queue.type="linkedList")
    """
        .formatted(directory, PORT, output);
  }

  private String senderConfig(Path input, InetSocketAddress target) {
    return """
    global(workDirectory="%s" maxMessageSize="512k")
    module(load="imfile")
    module(load="omrelp")
    input(type="imfile" file="%s" tag="bench:")
    template(name="plain" type="string" string="<13>1 - - bench - - - %%msg%%")
    action(type="omrelp" target="%s" port="%d" template="plain")
    """
        .formatted(directory, input, target.getHostString(), target.getPort());
  }

  /// Waits until the far file is as long, or the time has passed.
  private long awaitSize(Path file, long bytes, Duration longest) throws IOException {
    long size = 0;
    long endNanos = clock.nanoTime() + longest.toNanos();
    while (size < bytes && clock.nanoTime() < endNanos) {
      LockSupport.parkNanos(LOOK.toNanos());
      size = Files.exists(file) ? Files.size(file) : 0;
    }
    if (size == 0) {
      throw new IOException(
          "rsyslog delivered nothing:\n"
              + Files.readString(directory.resolve("near/output"), StandardCharsets.UTF_8)
              + Files.readString(directory.resolve("far/output"), StandardCharsets.UTF_8));
    }
    return size;
  }

  private static double cpuSeconds(Process process) {
    return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(Double.NaN);
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
