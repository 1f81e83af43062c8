package dev.weir.auth;

import dev.weir.base.Checks;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The audit in a file of JSON lines, readable by its owner only. When the file is full it becomes
/// `FILE.1`, what was that `FILE.2`, and so on; the oldest goes.
///
/// Who records never waits: what the queue has no room for is counted, and the number stands in the
/// next line (`lost`). `weir-audit` writes.
public final class AuditLog implements AuditTrail, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_WAITING = 4_096;
  private static final long CLOSE_MILLIS = 2_000;

  private final Path file;
  private final long maxBytes;
  private final int kept;
  private final ArrayBlockingQueue<AuditEvent> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer;
  private volatile boolean isClosing;

  // Owned by the writer.
  private @Nullable OutputStream out;
  private long bytes;
  private boolean hasFailed;

  /// @param maxBytes of one file, 1 KiB or more
  /// @param kept how many full ones are kept, 0 to 1,000
  /// @throws IOException when the file cannot be written
  public AuditLog(Path file, long maxBytes, int kept) throws IOException {
    Checks.range("bytes of an audit file", maxBytes, 1 << 10, Long.MAX_VALUE);
    Checks.range("kept audit files", kept, 0, 1_000);
    this.file = file;
    this.maxBytes = maxBytes;
    this.kept = kept;
    this.out = open();
    this.writer = Thread.ofPlatform().daemon().name("weir-audit").start(this::write);
  }

  private OutputStream open() throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    bytes = Files.size(file);
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  @Override
  public void record(AuditEvent event) {
    if (isClosing || !waiting.offer(event)) {
      lost.incrementAndGet();
    }
  }

  private void write() {
    List<AuditEvent> taken = new ArrayList<>();
    try {
      while (!isClosing || !waiting.isEmpty()) {
        AuditEvent first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          taken.add(first);
          waiting.drainTo(taken, 255);
          append(taken);
          taken.clear();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void append(List<AuditEvent> events) {
    try {
      for (AuditEvent event : events) {
        byte[] line = (line(event, lost.getAndSet(0)) + "\n").getBytes(StandardCharsets.UTF_8);
        if (out == null || (bytes > 0 && bytes + line.length > maxBytes)) {
          rotate();
        }
        if (out != null) {
          out.write(line);
          bytes += line.length;
        }
      }
      hasFailed = false;
    } catch (IOException e) {
      lost.addAndGet(events.size());
      if (!hasFailed) { // Once, until it works again.
        LOG.error("The audit cannot be written to {}: {}", file, e.toString());
      }
      hasFailed = true;
      closeFile();
    }
  }

  private void rotate() throws IOException {
    closeFile();
    if (bytes > 0 && Files.exists(file) && Files.size(file) > 0) {
      for (int i = kept; i >= 1; i--) {
        Path from = i == 1 ? file : numbered(i - 1);
        if (Files.exists(from)) {
          Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      if (kept == 0) {
        Files.delete(file);
      }
    }
    out = open();
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private void closeFile() {
    OutputStream open = out;
    out = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("closing the audit", e);
      }
    }
  }

  /// One event, without a line break.
  static String line(AuditEvent event, long lost) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty(
          "time", Instant.EPOCH.plus(event.micros(), ChronoUnit.MICROS).toString());
      json.writeStringProperty("event", event.event());
      json.writeStringProperty("decision", event.isAllowed() ? "allowed" : "refused");
      put(json, "user", event.user());
      put(json, "credential", event.credential());
      put(json, "door", event.door());
      put(json, "address", event.address());
      put(json, "action", event.action());
      put(json, "target", event.target());
      put(json, "why", event.why());
      if (event.suppressed() > 0) {
        json.writeNumberProperty("suppressed", event.suppressed());
      }
      if (lost > 0) {
        json.writeNumberProperty("lost", lost);
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void put(JsonGenerator json, String name, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(name, value);
    }
  }

  /// Writes what was recorded, within two seconds. Idempotent.
  @Override
  public void close() {
    isClosing = true;
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (!writer.isAlive()) {
      closeFile();
    }
  }
}
