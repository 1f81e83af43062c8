package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.TelemetryInput.OtlpHttpInput;
import dev.weir.config.TelemetryInput.OtlpInput;
import dev.weir.config.TelemetryInput.RemoteWriteInput;
import dev.weir.config.TelemetryInput.ScrapeInput;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The sections of inputs that speak the protocols of telemetry.
final class TelemetryInputs {
  private static final Key<ByteSize> MAX_BODY =
      Key.of("maxBody", Values.size("1KiB", "16MiB"))
          .defaults("4MiB")
          .about("The largest request that is accepted, after decompression.");

  private TelemetryInputs() {}

  static Map<String, Section<? extends InputConfig>> cases() {
    Map<String, Section<? extends InputConfig>> cases = new LinkedHashMap<>();
    cases.put("otlp", otlp());
    cases.put("otlpHttp", otlpHttp());
    cases.put("remoteWrite", remoteWrite());
    cases.put("scrape", scrape());
    return cases;
  }

  private static Section<OtlpInput> otlp() {
    Key<HostPort> listen = listen("127.0.0.1:4317");
    return new Section<>(
        "Takes OTLP over gRPC: logs, metrics, traces, each on TOPIC/logs, TOPIC/metrics,"
            + " TOPIC/traces.",
        List.of(listen, InputSection.TOPIC, MAX_BODY),
        bound ->
            new OtlpInput(bound.get(listen), bound.get(InputSection.TOPIC), bound.get(MAX_BODY)));
  }

  private static Section<OtlpHttpInput> otlpHttp() {
    Key<HostPort> listen = listen("127.0.0.1:4318");
    return new Section<>(
        "Takes OTLP over HTTP, as protobuf or JSON; topics as with otlp.",
        List.of(listen, InputSection.TOPIC, MAX_BODY),
        bound ->
            new OtlpHttpInput(
                bound.get(listen), bound.get(InputSection.TOPIC), bound.get(MAX_BODY)));
  }

  private static Section<RemoteWriteInput> remoteWrite() {
    Key<HostPort> listen = listen("127.0.0.1:9201");
    return new Section<>(
        "Takes Prometheus remote write, 1.0 and 2.0, at /api/v1/write.",
        List.of(listen, InputSection.TOPIC, MAX_BODY),
        bound ->
            new RemoteWriteInput(
                bound.get(listen), bound.get(InputSection.TOPIC), bound.get(MAX_BODY)));
  }

  private static Key<HostPort> listen(String example) {
    return Key.of("listen", AddressValues.hostPort())
        .example(example)
        .about("Where requests are taken.");
  }

  private static Section<ScrapeInput> scrape() {
    Key<List<URI>> targets =
        Key.of("targets", new ListOf<>(AddressValues.httpUrl(), 1))
            .example("http://127.0.0.1:9100/metrics")
            .about("What to scrape, by URL.");
    Key<String> job =
        Key.of("job", AddressValues.labelValue())
            .defaults("scrape")
            .about("The value of the label job.");
    Key<Duration> interval =
        Key.of("interval", Values.duration("1s", "1h"))
            .defaults("15s")
            .about("How often each target is scraped.");
    Key<Duration> timeout =
        Key.of("timeout", Values.duration("100ms", "1h"))
            .defaults("10s")
            .about("How long a target may take; at most the interval.");
    Key<ByteSize> maxBody =
        Key.of("maxBody", Values.size("1KiB", "64MiB"))
            .defaults("16MiB")
            .about("The largest answer of a target, after decompression.");
    return new Section<>(
        "Scrapes Prometheus targets.",
        List.of(targets, InputSection.TOPIC, job, interval, timeout, maxBody),
        bound ->
            new ScrapeInput(
                bound.get(targets),
                bound.get(InputSection.TOPIC),
                bound.get(job),
                bound.get(interval),
                bound.get(timeout),
                bound.get(maxBody)));
  }
}
