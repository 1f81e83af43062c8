package dev.weir.message.columnar;

/// Restores the bodies of a block, one after the other.
interface BodyDecoder {
  /// Writes the next body.
  ///
  /// @param units rows or lines that it has, as declared
  void body(RowWriter out, long units);

  /// Whether everything was restored.
  boolean isAtEnd();
}
