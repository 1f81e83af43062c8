package dev.weir.link;

import dev.weir.message.Dictionary;
import java.util.List;

/// Told what becomes of dictionaries, on the link's duty thread: must not block.
public interface DictionaryListener {
  /// One that does not use any.
  DictionaryListener NONE =
      new DictionaryListener() {
        @Override
        public void accepted(Dictionary dictionary) {}

        @Override
        public void refused(Dictionary dictionary, String detail) {}

        @Override
        public void offered(List<DictionaryOffer> offers) {}

        @Override
        public void fetched(Dictionary dictionary) {}
      };

  /// The core holds an offered dictionary durably: it may be used.
  void accepted(Dictionary dictionary);

  /// The core does not take an offered dictionary.
  void refused(Dictionary dictionary, String detail);

  /// What the core has from others, with each session.
  void offered(List<DictionaryOffer> offers);

  /// A dictionary that was asked for.
  void fetched(Dictionary dictionary);
}
