package dev.weir.edge.encoding;

import dev.weir.link.DictionaryOffer;
import dev.weir.message.Dictionary;

/// The way of dictionaries to a core and from it. Any thread; nothing waits.
public interface DictionaryExchange {
  /// Has a dictionary made durable by a core, this one or the next.
  ///
  /// @param dataClass what it was trained on
  void offer(Dictionary dictionary, String dataClass);

  /// Asks for what a core offered.
  void fetch(DictionaryOffer offer);
}
