package dev.weir.edge.source.process;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Line;
import dev.weir.edge.source.LineScanner;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a command again and again, one at a time, until it is closed: at an interval, or, one that
/// is to go on, whenever it ended, after a pause that doubles from a second to a minute while it
/// does not stay for a minute.
///
/// A virtual thread, `weir-source-NAME`, starts it and reads what it prints; another counts what it
/// writes to its standard error. A third ends a run that takes longer than its interval. The
/// command reads nothing. It is ended by its own handle, with what it started; when the edge is
/// killed it ends at its next write, since nobody reads any more.
final class CommandLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// From being asked to end to being ended.
  private static final Duration END_WAIT = Duration.ofSeconds(5);

  private static final int MAX_ERROR_LINE_BYTES = 1024;

  private final String name;
  private final Supplier<List<String>> command;
  private final Optional<Duration> interval;
  private final Output output;
  private final SourceMeter meter;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Process process;

  /// Takes what one run prints.
  @FunctionalInterface
  interface Output {
    /// Reads to the end, or returns early to have the run ended.
    ///
    /// @throws WeirException when the run is to count as failed
    void read(InputStream printed) throws IOException, InterruptedException;
  }

  /// @param command asked before each run
  /// @param interval from start to start; empty for one that goes on
  /// @param meter must count COMMAND_FAILED and ERROR_LINE
  CommandLoop(
      String name,
      Supplier<List<String>> command,
      Optional<Duration> interval,
      Output output,
      SourceMeter meter,
      Clock clock) {
    this.name = name;
    this.command = command;
    this.interval = interval;
    this.output = output;
    this.meter = meter;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("weir-source-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Ends the running command, and waits until what it printed was read. Idempotent.
  @Override
  public void close() {
    closed.countDown();
    @Nullable Process running = process;
    if (running != null) {
      end(running);
    }
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(END_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    meter.state(SourceState.CLOSED);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    meter.state(SourceState.RUNNING);
    Duration pause = FIRST_PAUSE;
    try {
      while (!isClosed()) {
        long startNanos = clock.nanoTime();
        runOnce();
        Duration took = Duration.ofNanos(clock.nanoTime() - startNanos);
        if (took.compareTo(LONGEST_PAUSE) > 0) {
          pause = FIRST_PAUSE;
        }
        Duration wait = interval.map(time -> time.minus(took)).orElse(pause);
        if (closed.await(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS)) {
          return;
        }
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    } catch (InterruptedException e) {
      meter.state(SourceState.CLOSED);
    }
  }

  private void runOnce() throws InterruptedException {
    Process started;
    try {
      started =
          new ProcessBuilder(command.get())
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .start();
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()));
      return;
    }
    process = started;
    Thread.ofVirtual().name("weir-source-" + name + "-errors").start(() -> countErrors(started));
    interval.ifPresent(limit -> Thread.ofVirtual().start(() -> endAfter(started, limit)));
    try {
      output.read(started.getInputStream());
      if (!isClosed()) {
        started.waitFor(END_WAIT.toMillis(), TimeUnit.MILLISECONDS); // It may end by itself.
      }
    } catch (IOException e) {
      // The pipe was closed under us, because the command was ended.
    } catch (WeirException e) {
      failed(e.explanation());
    } finally {
      end(started);
      process = null;
    }
    int status = started.waitFor();
    boolean isExpected = isClosed() || (interval.isPresent() && status == 0);
    if (!isExpected) {
      failed("it ended with status " + status);
    }
  }

  private void endAfter(Process started, Duration limit) {
    try {
      if (!started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        failed("it did not end within " + limit.toSeconds() + " s");
        end(started);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The thread ends here.
    }
  }

  private void failed(String reason) {
    meter.detail(command.get().getFirst() + ": " + reason);
    meter.fault(SourceFault.COMMAND_FAILED);
  }

  private void countErrors(Process started) {
    LineScanner scanner = new LineScanner(MAX_ERROR_LINE_BYTES, Optional.empty());
    byte[] chunk = new byte[1024];
    boolean isFirst = true;
    try (InputStream errors = started.getErrorStream()) {
      for (int count = errors.read(chunk); count >= 0; count = errors.read(chunk)) {
        scanner.room().put(chunk, 0, count);
        scanner.added(count);
        for (@Nullable Line line = scanner.next(); line != null; line = scanner.next()) {
          meter.detail(line.text().utf8());
          meter.fault(SourceFault.ERROR_LINE);
          if (isFirst) {
            LOG.warn("{} writes to its standard error: {}", name, line.text().utf8());
            isFirst = false;
          }
        }
      }
    } catch (IOException e) {
      // It ended.
    }
  }

  /// Asks it and what it started to end, and ends them after five seconds.
  private static void end(Process started) {
    List<ProcessHandle> others = started.descendants().toList();
    started.destroy();
    others.forEach(ProcessHandle::destroy);
    try {
      if (!started.waitFor(END_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        started.destroyForcibly();
      }
    } catch (InterruptedException e) {
      started.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    others.forEach(ProcessHandle::destroyForcibly);
  }
}
