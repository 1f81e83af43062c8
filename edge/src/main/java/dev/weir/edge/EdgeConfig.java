package dev.weir.edge;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.StdinConfig;
import dev.weir.edge.spool.BatchPolicy;
import dev.weir.edge.spool.SpoolConfig;
import java.util.List;

/// What an edge is told.
///
/// @param agent its name, 1 to 255 bytes; with its spool's incarnation it is its identity
/// @param spool where messages wait
/// @param batch how they are gathered and compressed
/// @param intakeSize what may wait between sources and batcher, for each of the two classes
/// @param sources where messages arise; names are unique, at most one is standard input
public record EdgeConfig(
    String agent,
    SpoolConfig spool,
    BatchPolicy batch,
    ByteSize intakeSize,
    List<SourceConfig> sources) {
  /// Sixteen batches: the sources read on while a few are compressed and written.
  public static final ByteSize DEFAULT_INTAKE_SIZE = ByteSize.ofMebibytes(4);

  /// A frame's header has 256 KiB for topics and positions together.
  private static final int MAX_TOPIC_BYTES = 64 << 10;

  public EdgeConfig {
    sources = List.copyOf(sources);
    Checks.range("agent length", agent.length(), 1, 255);
    Checks.range("intakeSize", intakeSize.bytes(), 64 << 10, 1 << 30);
    long names = sources.stream().map(SourceConfig::name).distinct().count();
    Checks.argument(names == sources.size(), "two sources have the same name");
    long stdins = sources.stream().filter(StdinConfig.class::isInstance).count();
    Checks.argument(stdins <= 1, "standard input is named twice");
    int topicBytes =
        sources.stream()
            .filter(SourceConfig::hasPositions)
            .mapToInt(source -> 3 * source.topic().length())
            .sum();
    Checks.range("bytes of the sources' topics", topicBytes, 0, MAX_TOPIC_BYTES);
  }

  public static EdgeConfig of(String agent, SpoolConfig spool, List<SourceConfig> sources) {
    return new EdgeConfig(agent, spool, BatchPolicy.DEFAULT, DEFAULT_INTAKE_SIZE, sources);
  }
}
