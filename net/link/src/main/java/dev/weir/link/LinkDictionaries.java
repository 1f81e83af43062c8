package dev.weir.link;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryLookup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The dictionaries that a store has at hand. Any thread; no method may block.
public interface LinkDictionaries extends DictionaryLookup {
  /// A store that keeps none: senders go on without.
  LinkDictionaries NONE =
      new LinkDictionaries() {
        @Override
        public Optional<Dictionary> find(int id) {
          return Optional.empty();
        }

        @Override
        public CompletionStage<Void> keep(Dictionary dictionary, String dataClass) {
          return CompletableFuture.failedFuture(
              new WeirException(ErrorCode.DICTIONARY_REFUSED, "This core keeps no dictionaries."));
        }

        @Override
        public List<Offer> recent() {
          return List.of();
        }
      };

  /// Makes a dictionary durable.
  ///
  /// @param dataClass what it was trained on, at most 255 bytes, may be empty
  /// @return fails with a [WeirException] when it is not kept
  CompletionStage<Void> keep(Dictionary dictionary, String dataClass);

  /// What is offered to senders when they come, the latest first.
  List<Offer> recent();

  /// @param dataClass what it was trained on
  record Offer(Dictionary dictionary, String dataClass) {}
}
