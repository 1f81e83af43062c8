package dev.weir.gateway.port;

import dev.weir.base.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/// What a [Port] has in front of its protocols, for a listener of somebody else's that speaks one
/// of them: limits in all and by address, PROXY headers, TLS, and the time that all of it may take.
/// Any thread, except where said.
public final class Gate implements AutoCloseable {
  private final Terms terms;
  private final Protocol only;

  private Gate(Terms terms, Protocol only) {
    this.terms = terms;
    this.only = only;
  }

  /// @param config its limits, proxies and TLS; where to listen is the listener's affair
  /// @param only whatever else comes is refused
  public static Gate of(PortConfig config, Protocol only) {
    Admissions admissions =
        new Admissions(config.limits(), Clock.SYSTEM, new Connections(Clock.SYSTEM));
    TlsDoor tls = config.tls() == null ? null : new TlsDoor(config.tls(), only);
    return new Gate(new Terms(admissions, tls, config.proxies(), config.limits()), only);
  }

  /// Takes a connection that has just been accepted, with nothing in its pipeline yet, and gives it
  /// to a door once it has said what it is to; one that may not come is counted and closed. On the
  /// channel's event loop.
  ///
  /// @param door finds out who came with [Peer#of]
  public void enter(Channel channel, RawDoor door) {
    Arrival arrival = new Arrival(channel, terms.admissions());
    channel.pipeline().addLast(Sniffer.arrived(new Straight(only, door), terms, arrival));
  }

  public PortStats stats() {
    return terms.admissions().stats();
  }

  /// Closes every connection that came by here. Idempotent.
  @Override
  public void close() {
    terms.admissions().close();
    terms.close();
  }

  private record Straight(Protocol only, RawDoor door) implements Onward {
    @Override
    public boolean takes(Protocol protocol) {
      return protocol == only;
    }

    @Override
    public void go(Protocol protocol, ChannelHandlerContext sniffer, Peer peer) {
      door.open(sniffer.channel());
    }
  }
}
