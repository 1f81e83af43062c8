package dev.weir.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import dev.weir.config.LoadResult;
import dev.weir.config.TelemetryConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up the log as the configuration says; what $WEIR_LOG_LEVEL says goes before it.
final class LogSettings {
  private LogSettings() {}

  static void apply(LoadResult.Loaded loaded, Terminal terminal) {
    TelemetryConfig.Logs logs = loaded.config().telemetry().logs();
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return; // Another log than ours was put on the class path.
    }
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (terminal.environment().getOrDefault("WEIR_LOG_LEVEL", "").isEmpty()) {
      root.setLevel(Logging.level(logs.level().name()));
    }
    boolean isJson =
        switch (logs.format()) {
          case JSON -> true;
          case AUTO -> !terminal.isInteractive();
          case TEXT -> false;
        };
    Appender<ILoggingEvent> stderr = root.getAppender(Logging.APPENDER);
    if (isJson && stderr instanceof ConsoleAppender<ILoggingEvent> console) {
      JsonEncoder encoder = new JsonEncoder();
      encoder.setContext(context);
      encoder.start();
      console.setEncoder(encoder);
    }
  }
}
