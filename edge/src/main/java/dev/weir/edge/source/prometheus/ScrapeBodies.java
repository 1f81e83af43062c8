package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes samples in the text format 0.0.4, in bodies of at most 64 KiB that end between lines.
/// Every sample has the target's labels and a time. A body that begins within a family begins with
/// the family's type. One line may be larger, and is a body of its own. Used by one thread.
final class ScrapeBodies {
  /// Small enough to be compressed and read with its neighbours, large enough to compress.
  static final int MAX_BYTES = 64 << 10;

  private final byte[] ours;
  private final long timeMillis;
  private final Sink sink;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private Bytes family = Bytes.EMPTY;
  private Bytes typeLine = Bytes.EMPTY;

  /// Takes bodies as they become full.
  @FunctionalInterface
  interface Sink {
    void take(Bytes body) throws InterruptedException;
  }

  /// @param timeMillis of samples that have no time of their own
  ScrapeBodies(String instance, String job, long timeMillis, Sink sink) {
    this.ours = bytes("instance=\"" + escaped(instance) + "\",job=\"" + escaped(job) + "\"");
    this.timeMillis = timeMillis;
    this.sink = sink;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /// Copies a line of a page.
  void add(Exposition page) throws InterruptedException {
    switch (page.kind()) {
      case HELP -> help(page);
      case TYPE -> type(page);
      case SAMPLE -> sample(page);
    }
  }

  /// Adds a sample about the scrape itself.
  void add(String name, String value) throws InterruptedException {
    line.writeBytes(bytes(name + "{"));
    line.writeBytes(ours);
    line.writeBytes(bytes("} " + value + " " + timeMillis + "\n"));
    endLine(false);
  }

  private void help(Exposition page) throws InterruptedException {
    line.writeBytes(bytes("# HELP "));
    write(page.name());
    line.write(' ');
    write(page.rest());
    line.write('\n');
    endLine(false);
  }

  /// OpenMetrics names families without the suffix of their samples and has types of its own.
  private void type(Exposition page) throws InterruptedException {
    String name = page.name().utf8();
    String type = page.rest().utf8().strip();
    String written =
        switch (type) {
          case "info", "stateset" -> "gauge";
          case "unknown", "gaugehistogram" -> "untyped";
          default -> type;
        };
    String suffix =
        switch (type) {
          case "counter" -> page.isOpenMetrics() ? "_total" : "";
          case "info" -> "_info";
          default -> "";
        };
    String whole = name.endsWith(suffix) ? name : name + suffix;
    line.writeBytes(bytes("# TYPE " + whole + " " + written + "\n"));
    Bytes typed = Bytes.wrap(line.toByteArray());
    endLine(false);
    family = page.name();
    typeLine = typed;
  }

  private void sample(Exposition page) throws InterruptedException {
    write(page.name());
    line.write('{');
    line.writeBytes(ours);
    labels(page);
    line.writeBytes(bytes("} "));
    write(page.rest());
    line.writeBytes(bytes(" " + page.timestampMillis().orElse(timeMillis) + "\n"));
    endLine(startsWith(page.name(), family));
  }

  /// A target's own `instance` and `job` become `exported_instance` and `exported_job`.
  private void labels(Exposition page) {
    Bytes labels = page.labels();
    if (labels.isEmpty()) {
      return;
    }
    line.write(',');
    int from = 0;
    for (int clash : page.clashes()) {
      write(labels.slice(from, clash - from));
      line.writeBytes(bytes("exported_"));
      from = clash;
    }
    write(labels.slice(from, labels.length() - from));
  }

  private void endLine(boolean isOfFamily) throws InterruptedException {
    if (body.size() > 0 && body.size() + line.size() > MAX_BYTES) {
      flush();
      if (isOfFamily) {
        body.write(typeLine.array(), typeLine.arrayOffset(), typeLine.length());
      }
    }
    body.writeBytes(line.toByteArray());
    line.reset();
  }

  /// Hands over what is left.
  void flush() throws InterruptedException {
    if (body.size() > 0) {
      sink.take(Bytes.wrap(body.toByteArray()));
      body.reset();
    }
  }

  private void write(Bytes bytes) {
    line.write(bytes.array(), bytes.arrayOffset(), bytes.length());
  }

  private static boolean startsWith(Bytes name, Bytes prefix) {
    return !prefix.isEmpty()
        && name.length() >= prefix.length()
        && name.slice(0, prefix.length()).equals(prefix);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
