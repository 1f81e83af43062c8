package dev.weir.edge.source;

/// What a source is told, and how it is made of that: a new kind of source is a config and a source
/// in a package of their own, and nothing else of the edge changes. Names are unique within an
/// edge: positions are kept under them.
public interface SourceConfig {
  String name();

  /// Where messages go whose input names no topic.
  String topic();

  /// Whether deliveries carry positions, which are stored in one frame with their messages: the
  /// topics of such sources share that frame's header.
  default boolean hasPositions() {
    return false;
  }

  /// Makes the source; it reads nothing before [Source#start].
  ///
  /// @throws dev.weir.base.WeirException with ADDRESS_IN_USE or USAGE when what it needs is not to
  ///   be had
  Source open(SourceContext context);
}
