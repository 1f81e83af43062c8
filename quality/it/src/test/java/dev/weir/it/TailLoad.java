package dev.weir.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// A log file that grows by a few lines at a time. Every complete line counts as acked: a tailed
/// file gets no answer, so all of it must arrive.
final class TailLoad extends Load {
  private static final int LINES_PER_STEP = 10;

  private final int linesPerStep;
  private final Ledger ledger;
  private final String source;
  private final Path file;

  TailLoad(Ledger ledger, String source, Path file) throws IOException {
    this(ledger, source, file, LINES_PER_STEP);
  }

  /// One that grows by so many lines a hundredth of a second.
  TailLoad(Ledger ledger, String source, Path file, int linesPerStep) throws IOException {
    super("tail-" + source);
    this.linesPerStep = linesPerStep;
    this.ledger = ledger;
    this.source = source;
    this.file = file;
    Files.write(file, new byte[0]);
  }

  @Override
  void step() throws IOException {
    StringBuilder lines = new StringBuilder();
    int first = 0;
    int last = 0;
    for (int i = 0; i < linesPerStep; i++) {
      last = ledger.issue(source);
      first = first == 0 ? last : first;
      lines.append(Ledger.body(source, last, 60 + last % 90)).append('\n');
    }
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    // In two writes, so that the tail also meets half a line.
    int half = bytes.length / 2 + first % 40;
    write(bytes, 0, half);
    write(bytes, half, bytes.length);
    for (int number = first; number <= last; number++) {
      ledger.ack(source, number);
    }
  }

  private void write(byte[] bytes, int from, int to) throws IOException {
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(bytes, from, to - from);
    }
  }

  @Override
  Duration pause() {
    return Duration.ofMillis(10);
  }
}
