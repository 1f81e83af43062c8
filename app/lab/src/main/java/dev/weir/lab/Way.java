package dev.weir.lab;

/// The two directions of a lab's path, each with settings of its own.
public enum Way {
  /// From the near side to the far one: where an edge's data goes.
  OUT,
  /// From the far side to the near one: where acks come from.
  BACK
}
