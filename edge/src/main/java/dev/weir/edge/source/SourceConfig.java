package dev.weir.edge.source;

/// What a source is told. Names are unique within an edge: positions are kept under them.
public sealed interface SourceConfig permits StdinConfig, FileConfig, HttpConfig {
  String name();

  /// Where messages go whose input names no topic.
  String topic();
}
