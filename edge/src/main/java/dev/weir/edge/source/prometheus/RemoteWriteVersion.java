package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import dev.weir.edge.source.protobuf.WireCheck;
import dev.weir.edge.source.protobuf.WireSchema;
import java.util.Locale;
import java.util.Optional;

/// The two versions of Prometheus remote write: how each is asked for, and what its requests are
/// made of.
enum RemoteWriteVersion {
  /// `prometheus.WriteRequest` (prompb/remote.proto and types.proto).
  V1(
      "1.0",
      "prometheus.WriteRequest",
      """
      Request: 1 TimeSeries, 3 Metadata
      TimeSeries: 1 Label, 2 Sample, 3 Exemplar, 4 Histogram
      Label: 1 text, 2 text
      Sample: 15 varints
      Exemplar: 1 Label
      Histogram: 8 Span, 9 varints, 10 fixed64s, 11 Span, 12 varints, 13 fixed64s, 16 fixed64s
      Span: 15 varints
      Metadata: 2 text, 4 text, 5 text
      """),
  /// `io.prometheus.write.v2.Request` (prompb/io/prometheus/write/v2/types.proto).
  V2(
      "2.0",
      "io.prometheus.write.v2.Request",
      """
      Request: 4 text, 5 TimeSeries
      TimeSeries: 1 varints, 2 Sample, 3 Histogram, 4 Exemplar, 5 Metadata
      Sample: 15 varints
      Exemplar: 1 varints
      Histogram: 8 Span, 9 varints, 10 fixed64s, 11 Span, 12 varints, 13 fixed64s, 16 fixed64s
      Span: 15 varints
      Metadata: 3 varints, 4 varints
      """);

  private final String label;
  private final String protobufName;

  @SuppressWarnings(
      "ImmutableEnumChecker") // A schema never changes; the annotation is no dependency.
  private final WireSchema schema;

  RemoteWriteVersion(String label, String protobufName, String table) {
    this.label = label;
    this.protobufName = protobufName;
    this.schema = WireSchema.parse(table);
  }

  /// What a request holds.
  ///
  /// @param seriesCount time series, each with any number of the others
  record Counts(int seriesCount, int sampleCount, int histogramCount, int exemplarCount) {}

  /// The version, as the message's header `remote-write` names it.
  String label() {
    return label;
  }

  /// The content type of a stored request.
  String contentType() {
    return "application/x-protobuf;proto=" + protobufName;
  }

  /// The version that a `Content-Type` asks for: without the parameter `proto` it is 1.0.
  static Optional<RemoteWriteVersion> ofContentType(String header) {
    String[] parts = header.split(";", -1);
    if (!parts[0].strip().toLowerCase(Locale.ROOT).equals("application/x-protobuf")) {
      return Optional.empty();
    }
    String name = V1.protobufName;
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].strip().split("=", 2);
      if (parameter.length == 2 && parameter[0].equalsIgnoreCase("proto")) {
        name = parameter[1].replace("\"", "");
      }
    }
    for (RemoteWriteVersion version : values()) {
      if (version.protobufName.equals(name)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /// Refuses a request that a reader could not decode, and counts what it holds.
  ///
  /// @throws dev.weir.base.WeirException with MALFORMED
  Counts check(Bytes request) {
    SymbolRefs refs = new SymbolRefs();
    WireCheck.Visitor visitor = this == V2 ? refs : WireCheck.Visitor.NONE;
    WireCheck check = WireCheck.of(schema, "Request", request, visitor);
    refs.requireSound();
    return new Counts(
        check.count("TimeSeries"),
        check.count("Sample"),
        check.count("Histogram"),
        check.count("Exemplar"));
  }
}
