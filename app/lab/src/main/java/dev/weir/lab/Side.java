package dev.weir.lab;

/// The two ends of a lab's path.
public enum Side {
  /// Where edges and clients are.
  NEAR,
  /// Where the core is.
  FAR
}
