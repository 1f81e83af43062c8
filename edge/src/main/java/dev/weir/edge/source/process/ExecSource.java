package dev.weir.edge.source.process;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Deliveries;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Line;
import dev.weir.edge.source.LineScanner;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceStats;
import dev.weir.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The lines that a command prints; the threads are those of [CommandLoop].
///
/// Ack rule: a pipe cannot be told anything. What was read and is not yet on disk is lost with the
/// process; when the spool is full nothing is read, and the pipe stops the command.
public final class ExecSource implements Source {
  /// Keeps one delivery within a frame's count of messages.
  private static final int MAX_LINES = 8192;

  private final ExecConfig config;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final CommandLoop loop;

  /// @throws WeirException with CONFIG_ENVIRONMENT when there is no such program
  ExecSource(ExecConfig config, Intake intake, Clock clock) {
    this.config = config;
    this.intake = intake;
    this.clock = clock;
    this.meter =
        new SourceMeter(config.name(), "exec", SourceFault.COMMAND_FAILED, SourceFault.ERROR_LINE);
    Program.require(config.command().getFirst(), "give its path, or correct the command");
    this.loop =
        new CommandLoop(
            config.name(), config::command, config.interval(), this::read, meter, clock);
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  /// Ends the command; what it printed before is still taken.
  @Override
  public void close() {
    loop.close();
  }

  private void read(InputStream printed) throws IOException, InterruptedException {
    LineScanner scanner = new LineScanner(config.maxLine().intBytes(), Optional.empty());
    byte[] chunk = new byte[LineScanner.READ_BYTES];
    long total = 0;
    boolean isTaken = true;
    while (isTaken) {
      int count = printed.read(chunk);
      if (count < 0) {
        @Nullable Line rest = scanner.flushAll(false);
        put(rest == null ? List.of() : List.of(message(rest)));
        return;
      }
      total += count;
      scanner.room().put(chunk, 0, count);
      scanner.added(count);
      isTaken = takeLines(scanner);
      if (config.interval().isPresent() && total > config.maxOutput().bytes()) {
        throw new WeirException(
            ErrorCode.TOO_LARGE, "A run printed more than " + config.maxOutput() + ".");
      }
    }
  }

  private boolean takeLines(LineScanner scanner) throws InterruptedException {
    List<Message> messages = new ArrayList<>();
    for (@Nullable Line line = scanner.next(); line != null; line = scanner.next()) {
      messages.add(message(line));
      if (messages.size() == MAX_LINES) {
        if (!put(messages)) {
          return false;
        }
        messages = new ArrayList<>();
      }
    }
    return put(messages);
  }

  private Message message(Line line) {
    Message message = Message.of(config.topic(), line.text()).withTimeMicros(clock.epochMicros());
    return line.part() == 0 ? message : message.withHeaders(line.headers());
  }

  private boolean put(List<Message> messages) throws InterruptedException {
    return messages.isEmpty()
        || Deliveries.put(intake, meter, Delivery.of(messages, Map.of(), DeliveryListener.NONE));
  }
}
