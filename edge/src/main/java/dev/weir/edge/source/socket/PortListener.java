package dev.weir.edge.source.socket;

import dev.weir.base.WeirException;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A port for streams, for datagrams or for both, which then have one number, also when the system
/// chose it.
public final class PortListener implements AutoCloseable {
  private final SourceMeter meter;
  private final Optional<TcpListener> tcp;
  private final Optional<UdpReceiver> udp;

  /// How streams are served.
  ///
  /// @param maxConnectionCount 1 or more at a time
  /// @param tls empty for plain ones
  public record Streams(
      int maxConnectionCount, Optional<TlsServer> tls, TcpListener.Handler handler) {}

  /// Takes the addresses; nothing is taken in before [#start].
  ///
  /// @param meter must count what [TcpListener] and [UdpReceiver] name
  /// @param datagrams takes them; one of `streams` and `datagrams` must be there
  /// @throws WeirException with ADDRESS_IN_USE or USAGE when an address cannot be had
  public PortListener(
      String name,
      InetSocketAddress listen,
      SourceMeter meter,
      Optional<Streams> streams,
      Optional<UdpReceiver.Handler> datagrams) {
    this.meter = meter;
    this.tcp =
        streams.map(how ->
            new TcpListener(
                name, listen, how.maxConnectionCount(), how.tls(), meter, how.handler()));
    try {
      this.udp = datagrams.map(handler -> new UdpReceiver(name, samePort(listen), meter, handler));
    } catch (WeirException e) {
      tcp.ifPresent(TcpListener::close);
      throw e;
    }
  }

  private InetSocketAddress samePort(InetSocketAddress listen) {
    return tcp.isPresent() && !listen.isUnresolved()
        ? new InetSocketAddress(listen.getAddress(), tcp.get().port())
        : listen;
  }

  public int port() {
    return tcp.map(TcpListener::port).or(() -> udp.map(UdpReceiver::port)).orElseThrow();
  }

  /// Says to the meter that the source runs, and when the kernel gives datagrams too little room.
  public void start() {
    meter.state(SourceState.RUNNING);
    udp.ifPresent(receiver -> meter.detail(receiver.bufferAdvice()));
    tcp.ifPresent(TcpListener::start);
    udp.ifPresent(UdpReceiver::start);
  }

  /// Adds to the meter what the kernel dropped since the last call; any thread.
  public void countDrops() {
    udp.ifPresent(UdpReceiver::countDrops);
  }

  /// Whether connections are to be ended.
  public boolean isClosing() {
    return tcp.isPresent() && tcp.get().isClosing();
  }

  /// What has arrived on connections is still taken, within a second and a half. Idempotent.
  @Override
  public void close() {
    udp.ifPresent(UdpReceiver::close);
    tcp.ifPresent(TcpListener::close);
  }
}
