package dev.weir.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Meters over one snapshot of a node's figures: the figures are taken once a scrape, so that a
/// page is consistent in itself and costs one look at the node, not one a meter.
///
/// @param <F> the node's figures
final class Meters<F> {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Supplier<F> source;
  private volatile F figures;

  Meters(Supplier<F> source) {
    this.source = source;
    this.figures = source.get();
  }

  Meters<F> counter(String name, String help, ToDoubleFunction<F> value, String... tags) {
    FunctionCounter.builder(name, this, meters -> value.applyAsDouble(meters.figures))
        .description(help)
        .tags(Tags.of(tags))
        .register(registry);
    return this;
  }

  Meters<F> gauge(String name, String help, ToDoubleFunction<F> value, String... tags) {
    Gauge.builder(name, this, meters -> value.applyAsDouble(meters.figures))
        .description(help)
        .tags(Tags.of(tags))
        .register(registry);
    return this;
  }

  /// The page in the Prometheus text format.
  synchronized String page() {
    figures = source.get();
    return registry.scrape();
  }
}
