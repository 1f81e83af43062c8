package dev.weir.edge.source.http;

import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.function.Function;

/// A source that is spoken to by HTTP. What a request holds, when it is acked and what a refusal
/// looks like is the endpoint's.
public final class HttpSource implements Source {
  private final SourceMeter meter;
  private final HttpListener listener;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @param kind the word for this kind of source in metrics
  /// @param endpoint made for the meter that counts what it takes and refuses
  /// @throws dev.weir.base.WeirException with ADDRESS_IN_USE or USAGE when the address cannot be
  ///   had
  public HttpSource(
      String name,
      String kind,
      InetSocketAddress listen,
      HttpLimits limits,
      Function<SourceMeter, HttpEndpoint> endpoint) {
    this.meter = new SourceMeter(name, kind);
    this.listener = new HttpListener(name, listen, limits, meter, endpoint.apply(meter));
  }

  @Override
  public OptionalInt port() {
    return OptionalInt.of(listener.port());
  }

  @Override
  public String name() {
    return meter.stats().name();
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

  @Override
  public void close() {
    meter.state(SourceState.CLOSED);
    listener.close();
  }
}
