package dev.weir.edge.source.host;

import dev.weir.base.Clock;
import dev.weir.edge.source.Deliveries;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.source.metrics.MetricLines;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The machine's own figures at an interval, on one virtual thread, `weir-source-NAME`.
///
/// Ack rule: nobody waits. A reading that is not yet on disk is lost with the process; while the
/// spool is full none is taken, and the counters that go on in the kernel make up for it.
public final class HostSource implements Source {
  private final HostConfig config;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// One group of figures.
  @FunctionalInterface
  private interface Group {
    void read() throws IOException;
  }

  HostSource(HostConfig config, Intake intake, Clock clock) {
    this.config = config;
    this.intake = intake;
    this.clock = clock;
    this.meter = new SourceMeter(config.name(), "host", SourceFault.UNREADABLE);
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
  public void close() {
    closed.countDown();
    meter.state(SourceState.CLOSED);
  }

  private void run() {
    meter.state(SourceState.RUNNING);
    try {
      boolean isTaken = true;
      while (isTaken && !closed.await(config.interval().toMillis(), TimeUnit.MILLISECONDS)) {
        isTaken =
            Deliveries.put(intake, meter, Delivery.of(read(), Map.of(), DeliveryListener.NONE));
      }
    } catch (InterruptedException e) {
      meter.state(SourceState.CLOSED);
    }
  }

  /// One reading; a group that cannot be read is counted, the others are taken.
  List<Message> read() {
    MetricLines lines =
        new MetricLines(config.topic(), Map.of("host", hostName()), clock.epochMicros());
    HostReading reading = new HostReading(config.root(), lines);
    group("cpu", reading::cpu);
    group("memory", reading::memory);
    group("load", reading::load);
    group("disks", reading::disks);
    group("network", reading::network);
    group("file systems", reading::fileSystems);
    group("process", reading::process);
    return lines.messages();
  }

  private void group(String what, Group group) {
    try {
      group.read();
    } catch (IOException e) {
      meter.detail(what + ": " + e);
      meter.fault(SourceFault.UNREADABLE);
    }
  }

  private String hostName() {
    Path name = config.root().resolve("proc/sys/kernel/hostname");
    try {
      return Files.readString(name).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
