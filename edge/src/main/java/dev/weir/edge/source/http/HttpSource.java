package dev.weir.edge.source.http;

import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import java.util.OptionalInt;

/// Messages by POST or PUT.
///
/// Ack rule: 200 is answered when every message of the request is on disk, and not before. When
/// that cannot be, the answer is an error and the client keeps the message: 429 when the spool or
/// its disk is full (nothing was stored), 503 when the fsync did not come in time (it may still be
/// stored: send again with the same `Idempotency-Key`).
public final class HttpSource implements Source {
  private final SourceMeter meter;
  private final HttpListener listener;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @throws dev.weir.base.WeirException with ADDRESS_IN_USE or USAGE when the address cannot be
  ///   had
  public HttpSource(HttpConfig config, SourceContext context) {
    this.meter = new SourceMeter(config.name(), "http");
    HttpIngest ingest = new HttpIngest(config, context, meter);
    this.listener =
        new HttpListener(config.name(), config.listen(), config.limits(), meter, ingest);
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
