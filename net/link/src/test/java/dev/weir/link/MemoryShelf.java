package dev.weir.link;

import dev.weir.base.Bytes;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// Dictionaries in memory, and texts that they fit.
final class MemoryShelf implements LinkDictionaries {
  static final Dictionary ALPHA = trained("alpha");
  static final Dictionary OMEGA = trained("omega");

  private final Map<Integer, Offer> kept = new ConcurrentHashMap<>();

  MemoryShelf(Dictionary... known) {
    for (Dictionary dictionary : known) {
      kept.put(dictionary.id(), new Offer(dictionary, "known"));
    }
  }

  private static Dictionary trained(String word) {
    List<Bytes> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      samples.add(Bytes.utf8(text(word, i)));
    }
    return DictionaryTrainer.train(samples, 2 << 10, 3).orElseThrow();
  }

  /// A batch that needs the first one.
  static Batch batch(int i) {
    BatchBuilder builder = new BatchBuilder(64 << 10);
    builder.add(Message.of("a", text("alpha", i)));
    return builder.build(Encoding.with(ALPHA, 3), Bytes.EMPTY);
  }

  static String text(String word, int i) {
    return "{\""
        + word
        + "\":\""
        + i * 7919 % 1000
        + "\",\"region\":\""
        + word
        + "-"
        + i % 7
        + "\"}";
  }

  @Override
  public Optional<Dictionary> find(int id) {
    return Optional.ofNullable(kept.get(id)).map(Offer::dictionary);
  }

  @Override
  public CompletionStage<Void> keep(Dictionary dictionary, String dataClass) {
    kept.put(dictionary.id(), new Offer(dictionary, dataClass));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public List<Offer> recent() {
    return List.copyOf(kept.values());
  }
}
