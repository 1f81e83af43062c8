package dev.weir.load;

/// Whether every message came as often as it should. The calls for one reader come one at a time.
interface Audit {
  void received(int reader, long sequence);

  /// A message that is none of those which were sent.
  void damaged();

  /// Messages that every reader which should have them has, as far as is known now.
  long arrived();

  /// Once nothing comes any more.
  ///
  /// @param sent messages
  Verdict verdict(long sent);

  /// @param deliveries to all readers, doubled ones not counted
  /// @param lost deliveries that did not come
  /// @param doubled deliveries of a message that had come
  /// @param disordered deliveries behind a later message of the same publisher
  /// @param damaged deliveries that were not what was sent
  record Verdict(long deliveries, long lost, long doubled, long disordered, long damaged) {}
}
