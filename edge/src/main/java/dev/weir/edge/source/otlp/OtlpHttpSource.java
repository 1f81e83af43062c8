package dev.weir.edge.source.otlp;

import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.source.http.HttpListener;
import java.util.OptionalInt;

/// OTLP over HTTP/1.1, as protobuf or JSON: logs, metrics and traces, stored as they come.
///
/// Ack rule: as [OtlpSource]; 200 for OK, 429 with `Retry-After` when there is no room, 503 with
/// `Retry-After` when the fsync did not come in time, 400 for what no reader could decode, 413 for
/// what is too large. Every refusal carries a `google.rpc.Status` in the request's own format.
public final class OtlpHttpSource implements Source {
  private final SourceMeter meter;
  private final HttpListener listener;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @throws dev.weir.base.WeirException with ADDRESS_IN_USE or USAGE when the address cannot be
  ///   had
  public OtlpHttpSource(OtlpHttpConfig config, SourceContext context) {
    this.meter = new SourceMeter(config.name(), "otlpHttp");
    OtlpHttpExports exports = new OtlpHttpExports(config, context, meter);
    this.listener =
        new HttpListener(config.name(), config.listen(), config.limits(), meter, exports);
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
