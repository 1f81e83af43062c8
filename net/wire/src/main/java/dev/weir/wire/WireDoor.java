package dev.weir.wire;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Serves connections that somebody else accepted, beside other protocols on one port. Any thread,
/// except where said.
public final class WireDoor {
  static final AttributeKey<SocketAddress> CLIENT =
      AttributeKey.valueOf(WireDoor.class, "weir-client");

  private final WireContext context;
  private final Supplier<? extends ConnectionHandler> handlers;
  private final WireAccepted accepted = new WireAccepted();

  private WireDoor(WireContext context, Supplier<? extends ConnectionHandler> handlers) {
    this.context = context;
    this.handlers = handlers;
  }

  /// @param handlers asked for each connection; of [WireServices] one is enough for all
  public static WireDoor of(WireContext context, Supplier<? extends ConnectionHandler> handlers) {
    return new WireDoor(context, handlers);
  }

  /// Takes a connection over: adds what serves it at the end of its pipeline, which is to be given
  /// everything from the preface on. TLS, where there is any, stands before it, is through and has
  /// named [WireTls#PROTOCOL] or nothing. On the channel's event loop.
  ///
  /// @param client where its client is, which a proxy may have said
  public void open(Channel channel, SocketAddress client) {
    channel.attr(CLIENT).set(client);
    open(channel);
  }

  /// As above, where the client is the socket's other end.
  public void open(Channel channel) {
    accepted.add(channel);
    SocketOptions.apply(channel, context.limits());
    channel.pipeline().addLast(WirePipe.toldApart(context, handlers.get(), accepted::onStarted));
  }

  /// How many connections are open.
  public int connectionCount() {
    return accepted.count();
  }

  public WireCounters counters() {
    return context.counters();
  }

  /// Drains every connection, those that still come too, see [WireConnection#drain(Duration)].
  ///
  /// @param grace 0 to 1 h
  /// @return done when all of them are closed
  public CompletionStage<Void> drain(Duration grace) {
    return accepted.drain(grace);
  }

  /// Closes every connection. Idempotent.
  public void close() {
    accepted.close();
  }
}
