package dev.weir.edge.source.syslog;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Deliveries;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.Line;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.source.socket.Connection;
import dev.weir.edge.source.socket.PortListener;
import dev.weir.edge.source.socket.TlsConfig;
import dev.weir.edge.source.socket.UdpReceiver;
import dev.weir.message.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Syslog by datagrams and streams. A virtual thread receives datagrams, one reads each connection.
///
/// Ack rule: the protocol has no acks. What was received and is not yet on disk is lost with the
/// process (at most the intake and one batch); what a full spool keeps us from reading waits in the
/// kernel's buffers, which stops a stream's sender and drops datagrams, counted. A sender that must
/// not lose anything uses RELP.
public final class SyslogSource implements Source {
  private final SyslogConfig config;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final PortListener listener;

  /// Takes the addresses.
  SyslogSource(SyslogConfig config, Intake intake, Clock clock) {
    this.config = config;
    this.intake = intake;
    this.clock = clock;
    this.meter =
        new SourceMeter(
            config.name(),
            "syslog",
            SourceFault.MALFORMED,
            SourceFault.OVERSIZE,
            SourceFault.KERNEL_DROP,
            SourceFault.CONNECTION_LIMIT,
            SourceFault.CONNECTION_FAILED);
    this.listener =
        new PortListener(
            config.name(),
            config.listen(),
            meter,
            config.transport().hasTcp() ? Optional.of(streams()) : Optional.empty(),
            config.transport().hasUdp() ? Optional.of(datagrams()) : Optional.empty());
  }

  private PortListener.Streams streams() {
    return new PortListener.Streams(
        config.maxConnectionCount(), config.tls().map(TlsConfig::open), this::serve);
  }

  private UdpReceiver.Handler datagrams() {
    SyslogMessages messages = messages();
    return (datagram, peer) -> take(datagram, peer, messages);
  }

  private SyslogMessages messages() {
    return new SyslogMessages(config.topic(), ZoneId.systemDefault(), clock, meter);
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
  }

  @Override
  public SourceStats stats() {
    listener.countDrops();
    return meter.stats();
  }

  /// What has arrived on connections is still taken, within a second and a half.
  @Override
  public void close() {
    meter.state(SourceState.CLOSED);
    listener.close();
  }

  private boolean take(Bytes datagram, String peer, SyslogMessages messages)
      throws InterruptedException {
    boolean endsLine = !datagram.isEmpty() && datagram.at(datagram.length() - 1) == '\n';
    Bytes text = endsLine ? datagram.slice(0, datagram.length() - 1) : datagram;
    if (text.isEmpty()) {
      meter.fault(SourceFault.MALFORMED);
      return true;
    }
    int max = config.maxMessage().intBytes();
    List<Message> parts = new ArrayList<>();
    for (int from = 0; from < text.length(); from += max) {
      int count = Math.min(max, text.length() - from);
      boolean hasMore = from + count < text.length();
      int part = text.length() > max ? parts.size() + 1 : 0;
      parts.add(messages.of(new Line(text.slice(from, count), part, hasMore), peer));
    }
    return put(parts);
  }

  private void serve(Connection connection) throws IOException, InterruptedException {
    SyslogFramer framer = new SyslogFramer(config.maxMessage().intBytes());
    SyslogMessages messages = messages();
    boolean isTaken = true;
    while (isTaken) {
      ByteBuffer room = framer.room();
      int count =
          connection.read(room.array(), room.arrayOffset() + room.position(), room.remaining());
      if (count < 0 || (count == 0 && listener.isClosing())) {
        break;
      }
      framer.added(count);
      isTaken = take(framer, messages, connection.peer());
    }
    @Nullable Line rest = isTaken ? framer.finish() : null;
    if (rest != null) {
      if (rest.hasMore()) {
        meter.fault(SourceFault.CONNECTION_FAILED);
      }
      put(List.of(messages.of(rest, connection.peer())));
    }
  }

  /// Takes what is whole, also before a place that cannot be read.
  private boolean take(SyslogFramer framer, SyslogMessages messages, String peer)
      throws InterruptedException {
    List<Message> whole = new ArrayList<>();
    try {
      for (@Nullable Line line = framer.next(); line != null; line = framer.next()) {
        whole.add(messages.of(line, peer));
      }
    } catch (WeirException e) {
      put(whole);
      throw e;
    }
    return put(whole);
  }

  private boolean put(List<Message> messages) throws InterruptedException {
    return messages.isEmpty()
        || Deliveries.put(intake, meter, Delivery.of(messages, Map.of(), DeliveryListener.NONE));
  }
}
