package dev.weir.edge.source;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Topic;

/// Lines of standard input.
///
/// @param maxLine longer lines are split, 16 B to 8 MiB
public record StdinConfig(String name, String topic, ByteSize maxLine) implements SourceConfig {
  public StdinConfig {
    Topic.check(topic);
    Checks.range("maxLine", maxLine.bytes(), 16, 8 << 20);
  }

  public static StdinConfig of(String topic) {
    return new StdinConfig("stdin", topic, FileConfig.DEFAULT_MAX_LINE);
  }

  @Override
  public boolean hasPositions() {
    return true;
  }

  @Override
  public Source open(SourceContext context) {
    return new StdinSource(this, context.stdin(), context.pulled(), context.clock());
  }
}
