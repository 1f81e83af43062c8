package dev.weir.edge.source.prometheus;

import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.source.http.HttpListener;
import java.util.OptionalInt;

/// Prometheus remote write, versions 1.0 and 2.0: requests are stored decompressed, else as they
/// come.
///
/// Ack rule: 204 is answered when the request is on disk, and not before. When that cannot be, the
/// answer is 503 with `Retry-After` and the sender keeps its samples: 503 also when there is no
/// room, since senders of 1.0 take a 429 for final unless told otherwise. 400, 413 and 415 are
/// final. A request that is sent again because its answer was lost has the same bytes, and so the
/// same id, by which the core stores it once.
public final class RemoteWriteSource implements Source {
  private final SourceMeter meter;
  private final HttpListener listener;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @throws dev.weir.base.WeirException with ADDRESS_IN_USE or USAGE when the address cannot be
  ///   had
  public RemoteWriteSource(RemoteWriteConfig config, SourceContext context) {
    this.meter = new SourceMeter(config.name(), "remoteWrite");
    RemoteWriteRequests requests = new RemoteWriteRequests(config, context, meter);
    this.listener =
        new HttpListener(config.name(), config.listen(), config.limits(), meter, requests);
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
