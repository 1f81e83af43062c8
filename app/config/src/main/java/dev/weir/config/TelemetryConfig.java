package dev.weir.config;

/// What a process tells about itself.
public record TelemetryConfig(Logs logs) {

  /// The log on standard error.
  public record Logs(Format format, Level level) {}

  /// How log lines are written.
  public enum Format {
    /// Text on a terminal, JSON elsewhere.
    AUTO,
    TEXT,
    JSON
  }

  /// What is logged, from least to most.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
