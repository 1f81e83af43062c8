package dev.weir.edge.source.otlp;

import dev.weir.base.Bytes;
import dev.weir.edge.source.protobuf.WireCheck;
import dev.weir.edge.source.protobuf.WireSchema;
import java.util.Optional;

/// The three signals of OTLP: how each is asked for, and what a request of it is made of.
enum OtlpSignal {
  LOGS("logs", "logs.v1.LogsService", "LogsRequest"),
  METRICS("metrics", "metrics.v1.MetricsService", "MetricsRequest"),
  TRACES("traces", "trace.v1.TraceService", "TraceRequest");

  /// The messages of opentelemetry-proto 1.x (opentelemetry/proto/*/v1/*.proto), as far as they
  /// hold text, packed numbers or messages.
  private static final WireSchema SCHEMA =
      WireSchema.parse(
          """
          LogsRequest: 1 ResourceLogs
          ResourceLogs: 1 Resource, 2 ScopeLogs, 3 text
          ScopeLogs: 1 Scope, 2 LogRecord, 3 text
          LogRecord: 3 text, 5 AnyValue, 6 KeyValue, 12 text
          MetricsRequest: 1 ResourceMetrics
          ResourceMetrics: 1 Resource, 2 ScopeMetrics, 3 text
          ScopeMetrics: 1 Scope, 2 Metric, 3 text
          Metric: 1 text, 2 text, 3 text, 5 Gauge, 7 Sum, 9 Histogram, 10 ExpHistogram, 11 Summary, 12 KeyValue
          Gauge: 1 NumberPoint
          Sum: 1 NumberPoint
          Histogram: 1 HistogramPoint
          ExpHistogram: 1 ExpHistogramPoint
          Summary: 1 SummaryPoint
          NumberPoint: 5 Exemplar, 7 KeyValue
          HistogramPoint: 6 fixed64s, 7 fixed64s, 8 Exemplar, 9 KeyValue
          ExpHistogramPoint: 1 KeyValue, 8 Buckets, 9 Buckets, 11 Exemplar
          Buckets: 2 varints
          SummaryPoint: 6 Quantile, 7 KeyValue
          Quantile: 1 fixed64s
          Exemplar: 7 KeyValue
          TraceRequest: 1 ResourceSpans
          ResourceSpans: 1 Resource, 2 ScopeSpans, 3 text
          ScopeSpans: 1 Scope, 2 Span, 3 text
          Span: 3 text, 5 text, 9 KeyValue, 11 Event, 13 Link, 15 Status
          Event: 2 text, 3 KeyValue
          Link: 3 text, 4 KeyValue
          Status: 2 text
          Resource: 1 KeyValue, 3 EntityRef
          EntityRef: 1 text, 2 text, 3 text, 4 text
          Scope: 1 text, 2 text, 3 KeyValue
          KeyValue: 1 text, 2 AnyValue
          AnyValue: 1 text, 5 ArrayValue, 6 KeyValueList
          ArrayValue: 1 AnyValue
          KeyValueList: 1 KeyValue
          """);

  private final String label;
  private final String service;
  private final String requestType;

  OtlpSignal(String label, String service, String requestType) {
    this.label = label;
    this.service = service;
    this.requestType = requestType;
  }

  /// The last level of its topic, and the value of the message's header `signal`.
  String label() {
    return label;
  }

  /// The full name of its gRPC service, whose one method is `Export`.
  String service() {
    return "opentelemetry.proto.collector." + service;
  }

  /// The path of its requests over HTTP.
  String path() {
    return "/v1/" + label;
  }

  /// The signal of a path.
  static Optional<OtlpSignal> ofPath(String path) {
    for (OtlpSignal signal : values()) {
      if (signal.path().equals(path)) {
        return Optional.of(signal);
      }
    }
    return Optional.empty();
  }

  /// Refuses a request that a reader could not decode.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED
  void check(Bytes request) {
    WireCheck.of(SCHEMA, requestType, request, WireCheck.Visitor.NONE);
  }
}
