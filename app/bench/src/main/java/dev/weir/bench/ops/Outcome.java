package dev.weir.bench.ops;

/// Is told how operations went, on the caller's loop.
interface Outcome {
  /// @param tag as it was given with the operation
  void done(long tag);

  void failed(long tag, String why);
}
