package dev.weir.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Weir logs to stderr, from the level in `WEIR_LOG_LEVEL` on (WARN); gRPC and Netty are heard from
/// errors on.
///
/// Logback finds this class through its service file. It is code and not a `logback.xml`, because
/// reading one loads an XML parser and Logback's own interpreter: 500 classes, 4 MiB of an edge.
public final class Logging extends ContextAwareBase implements Configurator {
  static final String APPENDER = "stderr";

  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n%ex{0}";

  /// Their warnings tell users what Weir tells better.
  private static final List<String> QUIET = List.of("io.grpc", "io.netty");

  @Override
  public ExecutionStatus configure(LoggerContext logging) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(logging);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(logging);
    stderr.setName(APPENDER);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    ch.qos.logback.classic.Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level(System.getenv("WEIR_LOG_LEVEL")));
    root.addAppender(stderr);
    QUIET.forEach(name -> logging.getLogger(name).setLevel(Level.ERROR));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// The level of a name in any case; WARN for none and for an unknown one.
  static Level level(@Nullable String name) {
    return Level.toLevel(name, Level.WARN);
  }
}
