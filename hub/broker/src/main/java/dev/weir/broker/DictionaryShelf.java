package dev.weir.broker;

import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryLookup;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The compression dictionaries that a core has at hand. What its log needs stands in the log
/// itself; this is what it can take in and offer without reading. Any thread.
public interface DictionaryShelf extends DictionaryLookup {
  /// Makes a dictionary durable, and puts it on the shelf.
  ///
  /// @param dataClass what it was trained on, in the words of whoever trained it; at most 255 bytes
  ///   of UTF-8, may be empty
  /// @return done once it is durable; fails with a [dev.weir.base.WeirException]:
  ///   DICTIONARY_REFUSED when another content has its id, OVERLOADED when there is no room now, or
  ///   what the store met
  CompletionStage<Void> keep(Dictionary dictionary, String dataClass);

  /// Those that were trained on a named class, the latest first; at most [#MAX_OFFERED].
  List<Shelved> recent();

  /// How many are at hand.
  int size();

  int MAX_OFFERED = 16;

  /// @param dataClass what it was trained on, not empty
  record Shelved(Dictionary dictionary, String dataClass) {}
}
