package dev.weir.bench.data;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The kinds of data that the bench ships.
public enum DataSet {
  /// Metrics as binary rows, mixed so that they compress as the published run's did.
  SEED_MIX("seed-mix", "application/vnd.weir.rows"),
  /// Points with their labels written out.
  LABELS("labels", "application/x-protobuf"),
  /// Log lines.
  LOGS("logs", "text/plain"),
  /// Rows of JSON, a line each: what hosts report every ten seconds.
  JSON("json", "application/x-ndjson"),
  /// Rows whose values are random: what no dictionary helps.
  ENTROPIC("entropic", "application/vnd.weir.rows");

  private static final String TOPIC = "bench/data";

  private final String label;
  private final String contentType;

  DataSet(String label, String contentType) {
    this.label = label;
    this.contentType = contentType;
  }

  /// As a command line names it.
  public String label() {
    return label;
  }

  public String contentType() {
    return contentType;
  }

  /// The messages that an edge makes of a body: one a line where its content type says lines.
  public List<Message> messages(Bytes body) {
    if (this != JSON) {
      return List.of(Message.of(TOPIC, body).withContentType(contentType));
    }
    return body.utf8()
        .lines()
        .map(line -> Message.of(TOPIC, line).withContentType("application/json"))
        .toList();
  }

  /// @throws IllegalArgumentException when there is none of that name
  public static DataSet parse(String text) {
    return Arrays.stream(values())
        .filter(set -> set.label.equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + text + "' is no data set, expected one of " + labels()));
  }

  public static String labels() {
    return Arrays.stream(values()).map(DataSet::label).collect(Collectors.joining(", "));
  }

  BodyMaker maker() {
    return switch (this) {
      case SEED_MIX -> new RowBodies(RowBodies.Mix.SEED);
      case LABELS -> new LabelBodies();
      case LOGS -> new LogBodies();
      case JSON -> new JsonBodies();
      case ENTROPIC -> new RowBodies(RowBodies.Mix.ENTROPIC);
    };
  }
}
