package dev.weir.edge.source.process;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A command whose lines are messages.
///
/// @param command the program and its arguments; no shell is between
/// @param interval from one start to the next, 1 s to 24 h; empty for one that goes on, which is
///   started again when it ends
/// @param maxLine longer lines are split, 16 B to 8 MiB
/// @param maxOutput of one run at an interval, which is ended when it prints more
public record ExecConfig(
    String name,
    String topic,
    List<String> command,
    Optional<Duration> interval,
    ByteSize maxLine,
    ByteSize maxOutput)
    implements SourceConfig {
  public static final ByteSize DEFAULT_MAX_OUTPUT = ByteSize.ofMebibytes(16);

  public ExecConfig {
    Topic.check(topic);
    command = List.copyOf(command);
    Checks.argument(!command.isEmpty(), "command is empty, expected a program");
    interval.ifPresent(time -> Checks.range("interval millis", time.toMillis(), 1000, 86_400_000));
    Checks.range("maxLine", maxLine.bytes(), 16, 8 << 20);
    Checks.range("maxOutput", maxOutput.bytes(), 1, Long.MAX_VALUE);
  }

  public static ExecConfig of(String name, String topic, List<String> command) {
    return new ExecConfig(
        name, topic, command, Optional.empty(), FileConfig.DEFAULT_MAX_LINE, DEFAULT_MAX_OUTPUT);
  }

  @Override
  public Source open(SourceContext context) {
    return new ExecSource(this, context.pulled(), context.clock());
  }
}
