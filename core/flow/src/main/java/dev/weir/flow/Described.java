package dev.weir.flow;

/// A state, event or action that can say what it stands for; the printed tables quote it.
public interface Described {
  /// One sentence for a reader of the documentation.
  String meaning();
}
