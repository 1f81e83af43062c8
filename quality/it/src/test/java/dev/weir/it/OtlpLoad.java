package dev.weir.it;

import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/// A program that logs through the OpenTelemetry SDK and one of its OTLP exporters, a numbered
/// record at a time, and takes the exporter's success for an ack. The exporter does not retry, so
/// that no retry can double a record.
final class OtlpLoad extends Load {
  /// Exports that fail while an edge is dead are expected, and told with a stack trace each. Held
  /// here because a logger that nobody holds forgets its level.
  private static final java.util.logging.Logger SDK =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final String source;
  private final SdkLoggerProvider provider;
  private final Logger logger;
  private volatile boolean isAccepted;

  private OtlpLoad(Ledger ledger, String source, LogRecordExporter exporter) {
    super("otlp-" + source);
    SDK.setLevel(Level.OFF);
    this.ledger = ledger;
    this.source = source;
    provider =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(new Awaited(exporter)))
            .build();
    logger = provider.get("weir-it");
  }

  /// Exports over gRPC to a loopback port.
  static OtlpLoad grpc(Ledger ledger, String source, int port) {
    return new OtlpLoad(
        ledger,
        source,
        OtlpGrpcLogRecordExporter.builder()
            .setEndpoint("http://127.0.0.1:" + port)
            .setTimeout(ANSWER_LIMIT)
            .setRetryPolicy(null)
            .build());
  }

  /// Exports over HTTP, compressed, to a loopback port.
  static OtlpLoad http(Ledger ledger, String source, int port) {
    return new OtlpLoad(
        ledger,
        source,
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint("http://127.0.0.1:" + port + "/v1/logs")
            .setCompression("gzip")
            .setTimeout(ANSWER_LIMIT)
            .setRetryPolicy(null)
            .build());
  }

  @Override
  void step() {
    int number = ledger.issue(source);
    isAccepted = false;
    logger.logRecordBuilder().setBody(Ledger.body(source, number, 40 + number % 60)).emit();
    if (isAccepted) {
      ledger.ack(source, number);
    }
  }

  @Override
  Duration pause() {
    return isAccepted ? Duration.ofMillis(2) : Duration.ofMillis(50);
  }

  @Override
  void end() {
    provider.shutdown().join(5, TimeUnit.SECONDS);
  }

  /// Waits for the answer to each export, on the logging thread.
  private final class Awaited implements LogRecordExporter {
    private final LogRecordExporter exporter;

    Awaited(LogRecordExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<LogRecordData> records) {
      CompletableResultCode result = exporter.export(records);
      isAccepted = result.join(10, TimeUnit.SECONDS).isSuccess();
      return result;
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
