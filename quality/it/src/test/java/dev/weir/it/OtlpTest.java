package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.Ledger.Verdict;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The OpenTelemetry SDK's exporters, over gRPC and HTTP, and the published schema's own reader at
/// the other end.
final class OtlpTest {
  @TempDir private Path directory;

  private final Ledger ledger = new Ledger();
  private Site site;
  private Member edge;
  private int grpcPort;
  private int httpPort;

  @BeforeEach
  void start() throws IOException {
    site = new Site(directory);
    site.startCore();
    grpcPort = Site.freePort();
    httpPort = Site.freePort();
    edge =
        site.addEdge(
            "otlp",
            "otel",
            "--otlp",
            "127.0.0.1:" + grpcPort,
            "--otlp-http",
            "127.0.0.1:" + httpPort);
    edge.awaitReady();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void bringsTracesAndMetricsOfBothProtocolsToTheirTopics() throws IOException {
    String grpc = "http://127.0.0.1:" + grpcPort;
    String http = "http://127.0.0.1:" + httpPort;
    traces("over-grpc", OtlpGrpcSpanExporter.builder().setEndpoint(grpc).build());
    traces("over-http", OtlpHttpSpanExporter.builder().setEndpoint(http + "/v1/traces").build());
    metrics(
        "grpc.requests",
        OtlpGrpcMetricExporter.builder().setEndpoint(grpc).setCompression("gzip").build());
    metrics(
        "http.requests",
        OtlpHttpMetricExporter.builder().setEndpoint(http + "/v1/metrics").build());

    eventually("all of it is at the core", () -> site.stored("otel/#").size() >= 4);

    List<String> spans = new ArrayList<>();
    for (StoredMessage message : site.stored("otel/traces")) {
      assertThat(message.headers()).containsEntry("signal", "traces");
      assertThat(message.contentType()).isEqualTo("application/x-protobuf");
      ExportTraceServiceRequest.parseFrom(message.bytes())
          .getResourceSpansList()
          .forEach(resource ->
              resource
                  .getScopeSpansList()
                  .forEach(s -> s.getSpansList().forEach(span -> spans.add(span.getName()))));
    }
    assertThat(spans).containsExactly("over-grpc", "over-http");
    List<String> metrics = new ArrayList<>();
    for (StoredMessage message : site.stored("otel/metrics")) {
      assertThat(message.headers()).containsEntry("signal", "metrics");
      ExportMetricsServiceRequest.parseFrom(message.bytes())
          .getResourceMetricsList()
          .forEach(resource ->
              resource
                  .getScopeMetricsList()
                  .forEach(s -> s.getMetricsList().forEach(m -> metrics.add(m.getName()))));
    }
    assertThat(metrics).contains("grpc.requests", "http.requests", "grpc.requests.latency");
  }

  @Test
  void losesAndDoublesNoLogRecordWhenTheCoreDies() throws IOException {
    OtlpLoad grpc = OtlpLoad.grpc(ledger, "grpc", grpcPort);
    OtlpLoad http = OtlpLoad.http(ledger, "http", httpPort);
    try (grpc;
        http) {
      grpc.start();
      http.start();
      for (int i = 0; i < 2; i++) {
        awaitAcks(100);
        site.core().kill();
        awaitAcks(100);
        site.startCore();
      }
      awaitAcks(100);
      grpc.stop();
      http.stop();
    }

    everythingIsThereOnce();
  }

  @Test
  void losesAndDoublesNoLogRecordWhenTheEdgeDies() throws IOException {
    OtlpLoad grpc = OtlpLoad.grpc(ledger, "grpc", grpcPort);
    OtlpLoad http = OtlpLoad.http(ledger, "http", httpPort);
    try (grpc;
        http) {
      grpc.start();
      http.start();
      for (int i = 0; i < 2; i++) {
        awaitAcks(100);
        edge.kill();
        edge.start().awaitReady();
      }
      awaitAcks(100);
      grpc.stop();
      http.stop();
    }

    everythingIsThereOnce();
  }

  private static void traces(String name, SpanExporter exporter) {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Span span = provider.get("weir-it").spanBuilder(name).startSpan();
      span.setAttribute("größe", "groß").addEvent("event", Attributes.empty());
      span.end();
      assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  private static void metrics(String name, MetricExporter exporter) {
    PeriodicMetricReader reader = PeriodicMetricReader.create(exporter);
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder().registerMetricReader(reader).build()) {
      AttributeKey<String> key = AttributeKey.stringKey("path");
      provider.get("weir-it").counterBuilder(name).build().add(3, Attributes.of(key, "/a"));
      provider.get("weir-it").histogramBuilder(name + ".latency").build().record(0.5);
      assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  private void awaitAcks(int count) {
    long before = ledger.ackedCount();
    eventually("records are acked", () -> ledger.ackedCount() >= before + count);
  }

  private void everythingIsThereOnce() throws IOException {
    eventually("everything acked arrives", () -> audit().lost() == 0);
    Verdict verdict = audit();
    assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
    assertThat(verdict.acked()).isGreaterThan(300);
  }

  private Verdict audit() throws IOException {
    List<String> bodies = new ArrayList<>();
    for (StoredMessage message : site.stored("otel/logs")) {
      ExportLogsServiceRequest request = ExportLogsServiceRequest.parseFrom(message.bytes());
      for (LogRecord record :
          request.getResourceLogsList().stream()
              .flatMap(resource -> resource.getScopeLogsList().stream())
              .flatMap(scope -> scope.getLogRecordsList().stream())
              .toList()) {
        bodies.add(record.getBody().getStringValue());
      }
    }
    return ledger.audit(bodies);
  }
}
