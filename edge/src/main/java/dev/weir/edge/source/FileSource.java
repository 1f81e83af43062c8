package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.message.Message;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Follows files on one virtual thread, `weir-source-NAME`.
///
/// Ack rule: a file cannot be told anything; instead the place in it is stored in the same frame as
/// the lines before it, so that both survive a crash or neither does.
public final class FileSource implements Source {
  /// How often files are looked at: what a person who watches a live log accepts as at once, at
  /// four `fstat` a second for each file.
  private static final long POLL_NANOS = Duration.ofMillis(250).toNanos();

  private final Clock clock;
  private final Intake intake;
  private final SourceMeter meter;
  private final FileTail tail;
  private volatile boolean isClosed;
  private volatile @Nullable Thread thread;

  /// @param positions what the spool remembers, of all sources
  public FileSource(FileConfig config, Map<String, Bytes> positions, Intake intake, Clock clock) {
    this.clock = clock;
    this.intake = intake;
    this.meter = new SourceMeter(config.name(), "file");
    this.tail = new FileTail(config, positions, FileSystems.getDefault(), clock, this::deliver);
  }

  @Override
  public String name() {
    return meter.stats().name();
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("weir-source-" + name()).start(this::run);
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  @Override
  public void close() {
    isClosed = true;
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running); // Not interrupted: that would close the files under its reads.
    }
  }

  private void run() {
    meter.state(SourceState.RUNNING);
    try {
      while (!isClosed) {
        boolean hasRead = tail.step(clock.nanoTime());
        meter.lag(tail.lagBytes());
        meter.detail(tail.detail());
        if (!hasRead) {
          LockSupport.parkNanos(this, POLL_NANOS);
        }
      }
      meter.state(SourceState.CLOSED);
    } catch (InterruptedException e) {
      meter.state(SourceState.CLOSED);
    } catch (RuntimeException e) {
      meter.detail(e.toString());
      meter.state(SourceState.FAILED);
    } finally {
      tail.close();
    }
  }

  private boolean deliver(List<Message> messages, Map<String, Bytes> positions)
      throws InterruptedException {
    boolean isPut =
        Deliveries.put(intake, meter, Delivery.of(messages, positions, DeliveryListener.NONE));
    isClosed |= !isPut;
    return isPut;
  }
}
