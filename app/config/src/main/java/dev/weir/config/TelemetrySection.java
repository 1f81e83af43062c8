package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.util.List;

/// The keys of `telemetry`.
final class TelemetrySection {
  private static final Key<TelemetryConfig.Format> FORMAT =
      Key.of("format", Values.choice(List.of(TelemetryConfig.Format.values())))
          .defaults("text")
          .about("How log lines are written; auto is text on a terminal and JSON elsewhere.");
  private static final Key<TelemetryConfig.Level> LEVEL =
      Key.of("level", Values.choice(List.of(TelemetryConfig.Level.values())))
          .defaults("warn")
          .about("What is logged; $WEIR_LOG_LEVEL goes before it.")
          .hot();
  private static final Key<TelemetryConfig.Logs> LOGS =
      Key.of(
          "logs",
          new Section<>(
              "The log on standard error.",
              List.of(FORMAT, LEVEL),
              bound -> new TelemetryConfig.Logs(bound.get(FORMAT), bound.get(LEVEL))));

  static final Section<TelemetryConfig> SECTION =
      new Section<>(
          "What a process tells about itself.",
          List.of(LOGS),
          bound -> new TelemetryConfig(bound.get(LOGS)));

  private TelemetrySection() {}
}
