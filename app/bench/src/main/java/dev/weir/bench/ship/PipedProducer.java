package dev.weir.bench.ship;

import dev.weir.base.Clock;
import dev.weir.bench.BenchFiles;
import dev.weir.bench.Children;
import dev.weir.bench.data.DataPool;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Another program's producer in a process of its own, fed through its standard input: it takes `{
/// length i32, body }*` and answers a length of 0 with the ack times of the bodies before it, once
/// all of them are acked.
///
/// One thread uses it.
final class PipedProducer implements AutoCloseable {
  private static final int PIPE_BUFFER_BYTES = 1 << 16;
  private static final Duration END_WAIT = Duration.ofSeconds(10);
  private static final Pattern END = Pattern.compile("end ackP50Ms=(\\S+) ackP99Ms=(\\S+)");

  private final Process process;
  private final Path errors;
  private final DataOutputStream bodies;
  private final BufferedReader said;
  private final Clock clock;
  private final LongConsumer progress;
  private long next;
  private long bytes;

  /// What a part of the messages took to be acked.
  ///
  /// @param p50Ms from its entering the producer's buffer to a message's ack, the middle one
  /// @param p99Ms the same, the 99th of 100
  record Acks(double p50Ms, double p99Ms) {}

  private PipedProducer(Process process, Path errors, Clock clock, LongConsumer progress) {
    this.process = process;
    this.errors = errors;
    this.clock = clock;
    this.progress = progress;
    bodies =
        new DataOutputStream(
            new BufferedOutputStream(process.getOutputStream(), PIPE_BUFFER_BYTES));
    said = process.inputReader(StandardCharsets.UTF_8);
  }

  /// @param errors where its standard error goes
  /// @param progress told how many bytes are acked, now and then
  static PipedProducer start(List<String> words, Path errors, Clock clock, LongConsumer progress)
      throws IOException {
    Process process = Children.start(new ProcessBuilder(words).redirectError(errors.toFile()));
    return new PipedProducer(process, errors, clock, progress);
  }

  /// Sends the pool's messages from where it was, and waits until all are acked. While its buffer
  /// is full, that waits.
  Acks ship(DataPool pool, long mostBytes, Duration longest) throws IOException {
    try {
      long startBytes = bytes;
      long endNanos = clock.nanoTime() + longest.toNanos();
      while (bytes - startBytes < mostBytes && clock.nanoTime() < endNanos) {
        send(pool.body(next));
        while (said.ready()) {
          hear(said.readLine());
        }
      }
      return awaitAcked();
    } catch (IOException e) {
      throw new IOException("the producer ended early:\n" + BenchFiles.tail(errors), e);
    }
  }

  private void send(byte[] body) throws IOException {
    bodies.writeInt(body.length);
    bodies.write(body);
    next++;
    bytes += body.length;
  }

  private void hear(String line) {
    Matcher acked = ShipWords.ACKED.matcher(line);
    if (acked.matches()) {
      progress.accept(Long.parseLong(acked.group(1)));
    }
  }

  private Acks awaitAcked() throws IOException {
    bodies.writeInt(0);
    bodies.flush();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher end = END.matcher(line);
      if (end.matches()) {
        return new Acks(Double.parseDouble(end.group(1)), Double.parseDouble(end.group(2)));
      }
      hear(line);
    }
    throw new IOException("it said no more");
  }

  /// How many messages it was given: their numbers are those below.
  long messages() {
    return next;
  }

  /// Bytes of their bodies.
  long bytes() {
    return bytes;
  }

  double cpuSeconds() {
    return Children.cpuSeconds(process);
  }

  @Override
  public void close() {
    Children.end(process, END_WAIT);
  }
}
