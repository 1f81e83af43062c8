package dev.weir.edge.source;

import dev.weir.base.Clock;
import dev.weir.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lines of a stream that is read once, on one virtual thread, `weir-source-NAME`.
///
/// Ack rule: a pipe cannot be told anything and cannot be read again. What was read and is not yet
/// on disk is lost with the process (at most the intake and one batch); when the spool is full
/// nothing is read, and the pipe stops its writer.
public final class StdinSource implements Source {
  /// As many lines as one read can hold when each is empty would overfill a frame.
  private static final int MAX_LINES = 8192;

  private final StdinConfig config;
  private final InputStream input;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final LineScanner scanner;
  private volatile boolean isClosed;
  private boolean isTaken = true;

  public StdinSource(StdinConfig config, InputStream input, Intake intake, Clock clock) {
    this.config = config;
    this.input = input;
    this.intake = intake;
    this.clock = clock;
    this.meter = new SourceMeter(config.name(), "stdin");
    this.scanner = new LineScanner(config.maxLine().intBytes(), Optional.empty());
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void start() {
    Thread.ofVirtual().name("weir-source-" + name()).start(this::run);
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  @Override
  public boolean mayEnd() {
    return true;
  }

  /// A read that waits for input ends with the process or the next line.
  @Override
  public void close() {
    isClosed = true;
    if (meter.state() == SourceState.RUNNING) {
      meter.state(SourceState.CLOSED);
    }
  }

  /// Reads to the end of the stream; for tests on their own thread.
  void run() {
    meter.state(SourceState.RUNNING);
    try {
      byte[] chunk = new byte[LineScanner.READ_BYTES];
      while (!isClosed && isTaken) {
        int count = input.read(chunk);
        if (count < 0) {
          break;
        }
        ByteBuffer room = scanner.room();
        room.put(chunk, 0, count);
        scanner.added(count);
        deliver(null);
      }
      @Nullable Line rest = scanner.flushAll(false);
      if (rest != null) {
        deliver(rest);
      }
      meter.state(isClosed || !isTaken ? SourceState.CLOSED : SourceState.ENDED);
    } catch (IOException e) {
      meter.detail(e.toString());
      meter.state(SourceState.FAILED);
    } catch (InterruptedException e) {
      meter.state(SourceState.CLOSED);
    }
  }

  private void deliver(@Nullable Line first) throws InterruptedException {
    List<Message> messages = new ArrayList<>();
    long nowMicros = clock.epochMicros();
    @Nullable Line line = first != null ? first : scanner.next();
    while (line != null) {
      messages.add(Message.of(config.topic(), line.text(), line.headers(), nowMicros));
      if (messages.size() == MAX_LINES) {
        put(messages);
        messages = new ArrayList<>();
      }
      line = scanner.next();
    }
    if (!messages.isEmpty()) {
      put(messages);
    }
  }

  private void put(List<Message> messages) throws InterruptedException {
    Delivery delivery = Delivery.of(messages, Map.of(), DeliveryListener.NONE);
    isTaken &= Deliveries.put(intake, meter, delivery);
  }
}
