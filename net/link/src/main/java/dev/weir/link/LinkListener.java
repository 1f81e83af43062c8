package dev.weir.link;

/// Told of each change of a link, on its duty thread: must not block.
@FunctionalInterface
public interface LinkListener {
  /// A listener that does not listen.
  LinkListener NONE = _ -> {};

  void state(LinkState state);
}
