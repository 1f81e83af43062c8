package dev.weir.edge.source.statsd;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
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
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.source.metrics.MetricLines;
import dev.weir.edge.source.socket.Connection;
import dev.weir.edge.source.socket.PortListener;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// statsd by datagrams and streams, aggregated for each interval. A virtual thread receives
/// datagrams, one reads each connection, one flushes.
///
/// Ack rule: the protocol has no acks. What was received since the last flush is lost when the
/// process is killed (at most an interval); a stop flushes first. What the kernel drops is counted.
public final class StatsdSource implements Source {
  /// The largest line; clients send datagrams of at most this size.
  private static final int MAX_LINE_BYTES = 8 << 10;

  /// Clients set gauges at least hourly; beyond, a name was given up.
  private static final Duration GAUGE_KEPT = Duration.ofHours(1);

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final StatsdConfig config;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final StatsdAggregator aggregator;
  private final PortListener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread flusher;

  /// Takes the addresses.
  StatsdSource(StatsdConfig config, Intake intake, Clock clock) {
    this.config = config;
    this.intake = intake;
    this.clock = clock;
    this.meter =
        new SourceMeter(
            config.name(),
            "statsd",
            SourceFault.MALFORMED,
            SourceFault.OVERSIZE,
            SourceFault.SERIES_LIMIT,
            SourceFault.KERNEL_DROP,
            SourceFault.CONNECTION_LIMIT,
            SourceFault.CONNECTION_FAILED);
    this.aggregator = new StatsdAggregator(config.maxSeriesCount(), GAUGE_KEPT.toNanos());
    this.listener =
        new PortListener(
            config.name(),
            config.listen(),
            meter,
            config.hasTcp() ? Optional.of(streams()) : Optional.empty(),
            config.hasUdp() ? Optional.of((datagram, _) -> take(datagram)) : Optional.empty());
    this.flusher =
        Thread.ofVirtual()
            .name("weir-source-" + config.name() + "-flush")
            .unstarted(this::flushAll);
  }

  private PortListener.Streams streams() {
    return new PortListener.Streams(config.maxConnectionCount(), Optional.empty(), this::serve);
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public OptionalInt port() {
    return OptionalInt.of(listener.port());
  }

  @Override
  public void start() {
    listener.start();
    flusher.start();
  }

  @Override
  public SourceStats stats() {
    listener.countDrops();
    return meter.stats();
  }

  /// What was received is flushed first, within five seconds.
  @Override
  public void close() {
    listener.close();
    closed.countDown();
    try {
      flusher.join(CLOSE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    meter.state(SourceState.CLOSED);
  }

  private boolean take(Bytes datagram) {
    for (String line : datagram.utf8().split("\n", -1)) {
      take(line);
    }
    return closed.getCount() > 0;
  }

  private void take(String text) {
    String line = text.strip();
    if (line.isEmpty()) {
      return;
    }
    try {
      for (StatsdSample sample : StatsdParser.parse(line)) {
        if (!aggregator.add(sample, clock.nanoTime())) {
          meter.fault(SourceFault.SERIES_LIMIT);
        }
      }
    } catch (WeirException e) {
      meter.detail(e.explanation());
      meter.fault(
          switch (e.code()) {
            case TOO_LARGE -> SourceFault.OVERSIZE;
            default -> SourceFault.MALFORMED; // The parser raises no third one.
          });
    }
  }

  private void serve(Connection connection) throws IOException {
    LineScanner scanner = new LineScanner(MAX_LINE_BYTES, Optional.empty());
    byte[] chunk = new byte[LineScanner.READ_BYTES];
    while (true) {
      int count = connection.read(chunk, 0, chunk.length);
      if (count < 0 || (count == 0 && listener.isClosing())) {
        break;
      }
      ByteBuffer room = scanner.room();
      room.put(chunk, 0, count);
      scanner.added(count);
      for (@Nullable Line line = scanner.next(); line != null; line = scanner.next()) {
        take(line);
      }
    }
    @Nullable Line rest = scanner.flushAll(false);
    if (rest != null) {
      take(rest);
    }
  }

  /// The parts of a line that is too long are no lines.
  private void take(Line line) {
    if (line.part() == 0) {
      take(line.text().utf8());
    } else if (line.part() == 1) {
      meter.fault(SourceFault.OVERSIZE);
    }
  }

  private void flushAll() {
    try {
      boolean isLast = false;
      while (!isLast) {
        isLast = closed.await(config.interval().toMillis(), TimeUnit.MILLISECONDS);
        flush();
      }
    } catch (InterruptedException e) {
      meter.state(SourceState.CLOSED);
    }
  }

  private void flush() throws InterruptedException {
    Map<String, String> headers = Map.of("interval-ms", "" + config.interval().toMillis());
    MetricLines lines = new MetricLines(config.topic(), headers, clock.epochMicros());
    aggregator.flush(lines, clock.nanoTime());
    List<Message> messages = lines.messages();
    if (!messages.isEmpty()) {
      Deliveries.put(intake, meter, Delivery.of(messages, Map.of(), DeliveryListener.NONE));
    }
  }
}
