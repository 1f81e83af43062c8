package dev.weir.bench.ship;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// One way to ship, as a row of settings.
///
/// @param name as the command line and the report have it
/// @param kind which program sends
/// @param count connections of PUT, messages in flight of STREAM
/// @param settings of the edge's configuration, by dotted path
/// @param about for people
public record ShipMode(
    String name, Kind kind, int count, Map<String, String> settings, String about) {
  /// Which program sends.
  public enum Kind {
    /// Connections of which each waits for the ack of its one message.
    PUT,
    /// The published design: one stream of version 1, a fixed number of messages in flight.
    STREAM,
    /// Weir's edge: spool, batches, one acked stream of version 2.
    EDGE
  }

  private static final String CODEC = "edge.compression.codec";
  private static final String DICTIONARY = "edge.compression.dictionary";
  private static final String COLUMNAR = "edge.compression.columnar";
  private static final Map<String, String> ZSTD =
      Map.of(CODEC, "zstd", "edge.compression.level", "3", DICTIONARY, "off", COLUMNAR, "off");

  public static final ShipMode SYNC54 =
      new ShipMode("sync54", Kind.PUT, 54, Map.of(), "54 connections, each waits for its ack");
  public static final ShipMode ASYNC100 =
      new ShipMode(
          "async100", Kind.STREAM, 100, Map.of(), "published design: one stream, 100 in flight");
  public static final ShipMode ASYNC =
      new ShipMode("async", Kind.EDGE, 0, Map.of(CODEC, "none"), "Weir's edge, uncompressed");
  public static final ShipMode WITH_ZSTD = new ShipMode("+zstd", Kind.EDGE, 0, ZSTD, "and zstd");
  public static final ShipMode WITH_DICTIONARY =
      new ShipMode(
          "+dictionary",
          Kind.EDGE,
          0,
          with(ZSTD, DICTIONARY, "auto"),
          "and a trained dictionary where it gains");
  public static final ShipMode WITH_COLUMNAR =
      new ShipMode(
          "+columnar",
          Kind.EDGE,
          0,
          with(WITH_DICTIONARY.settings(), COLUMNAR, "auto"),
          "and columns for metrics");

  public static final ShipMode DEFAULT =
      new ShipMode(
          "default", Kind.EDGE, 0, Map.of(), "as it comes: all of it, level by bottleneck");

  /// All, in the order of the report.
  public static final List<ShipMode> ALL =
      List.of(SYNC54, ASYNC100, ASYNC, WITH_ZSTD, WITH_DICTIONARY, WITH_COLUMNAR, DEFAULT);

  public ShipMode {
    settings = Map.copyOf(settings);
  }

  private static Map<String, String> with(Map<String, String> settings, String path, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(path, value);
    return more;
  }

  /// @throws IllegalArgumentException when there is none of that name
  public static ShipMode parse(String text) {
    Optional<ShipMode> found = ALL.stream().filter(mode -> mode.name.equals(text)).findFirst();
    return found.orElseThrow(() ->
        new IllegalArgumentException(
            "'"
                + text
                + "' is no mode, expected one of "
                + ALL.stream().map(ShipMode::name).collect(Collectors.joining(", "))));
  }

  /// The configuration of an edge of this mode.
  Map<String, String> edgeSettings(String target, String spool, long spoolBytes) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("edge.to", target);
    all.put("edge.topic", ShipWords.TOPIC);
    all.put("edge.spool.dir", spool);
    all.put("edge.spool.maxBytes", spoolBytes + "B");
    all.put("edge.spool.freeDiskFloor", "0B");
    all.put("edge.spool.backfill", "inOrder"); // one lane, whose order is verified
    all.put("edge.ops", "127.0.0.1:0");
    return all;
  }

  /// Whether this build's edge knows every setting of the mode.
  public boolean isAvailable() {
    return kind != Kind.EDGE
        || EdgeConfigs.isKnown(edgeSettings("weir://127.0.0.1:1", "spool", 64 << 20));
  }
}
