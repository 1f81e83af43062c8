package dev.weir.edge.source.relp;

import dev.weir.base.Clock;
import dev.weir.edge.source.Admission;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.source.socket.Connection;
import dev.weir.edge.source.socket.TcpListener;
import dev.weir.edge.source.socket.TlsConfig;
import dev.weir.edge.source.syslog.SyslogMessages;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;

/// A RELP server, as rsyslog's omrelp expects one. Two virtual threads a connection: one reads, one
/// answers.
///
/// Ack rule: `200` is answered after the message's fsync. While the spool is full, or its disk
/// fails, nothing is answered and nothing is read: the sender keeps its messages in its own queue.
/// After a lost connection the sender repeats what was not answered, and what was stored but not
/// answered in time is then stored twice; a stop of the edge answers everything first.
public final class RelpSource implements Source {
  /// Longer than an fsync of a slow disk.
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /// Without an answer, over all connections; as much as HTTP requests may hold.
  private static final int MAX_IN_FLIGHT_BYTES = 64 << 20;

  private final RelpConfig config;
  private final Admission admission;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final Semaphore inFlightBytes = new Semaphore(MAX_IN_FLIGHT_BYTES, true);
  private final TcpListener listener;

  /// Takes the address.
  RelpSource(RelpConfig config, Admission admission, Intake intake, Clock clock) {
    this.config = config;
    this.admission = admission;
    this.intake = intake;
    this.clock = clock;
    this.meter =
        new SourceMeter(
            config.name(),
            "relp",
            SourceFault.MALFORMED,
            SourceFault.OVERSIZE,
            SourceFault.CONNECTION_LIMIT,
            SourceFault.CONNECTION_FAILED);
    this.listener =
        new TcpListener(
            config.name(),
            config.listen(),
            config.maxConnectionCount(),
            config.tls().map(TlsConfig::open),
            meter,
            this::serve);
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
    meter.state(SourceState.RUNNING);
    listener.start();
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  /// What was read is answered first, within five seconds.
  @Override
  public void close() {
    listener.close(CLOSE_WAIT.toNanos());
    meter.state(SourceState.CLOSED);
  }

  private void serve(Connection connection) throws IOException, InterruptedException {
    RelpAnswers answers = new RelpAnswers(connection, admission, intake, inFlightBytes, meter);
    Thread answering =
        Thread.ofVirtual().name("weir-source-" + name() + "-answers").start(answers::run);
    SyslogMessages messages =
        new SyslogMessages(config.topic(), ZoneId.systemDefault(), clock, meter);
    RelpSession session = new RelpSession(config, connection, answers, messages, meter);
    try {
      readAll(session, answers);
    } finally {
      answers.finish();
      answering.join();
      answers.release();
      connection.finish();
    }
  }

  private void readAll(RelpSession session, RelpAnswers answers)
      throws IOException, InterruptedException {
    while (!answers.isDead()) {
      try {
        if (!session.step(listener.isClosing())) {
          return;
        }
      } catch (IOException e) {
        if (!answers.isDead()) {
          throw e;
        }
      }
    }
  }
}
