package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DictionaryShelfTest {
  private static final Dictionary DICTIONARY = trained("alpha");
  private static final Dictionary OTHER = trained("omega");

  private static Dictionary trained(String word) {
    List<Bytes> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      samples.add(Bytes.utf8(text(word, i)));
    }
    return DictionaryTrainer.train(samples, 2 << 10, 3).orElseThrow();
  }

  private static String text(String word, int i) {
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

  private static Batch batch(int i, Dictionary dictionary) {
    BatchBuilder builder = new BatchBuilder(64 << 10);
    builder.add(Message.of("a", text("alpha", i)));
    builder.add(Message.of("b", text("alpha", i + 1)));
    return builder.build(Encoding.with(dictionary, 3), Bytes.EMPTY);
  }

  private static List<String> texts(int from, int to) {
    List<String> texts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      texts.add(text("alpha", i));
      texts.add(text("alpha", i + 1));
    }
    return texts;
  }

  @Test
  void storesAndDeliversBatchesThatNeedADictionary(@TempDir Path directory) {
    try (Core core = Core.in(directory)) {
      core.publish(batch(0, DICTIONARY));
      core.publish(batch(1, OTHER));

      Recorder all = core.read("#", new Start.First());
      assertThat(all.bodies()).isEqualTo(texts(0, 2));
      assertThat(all.deliveries().getFirst().batch().dictionary()).contains(DICTIONARY);
      assertThat(core.bodies("b")).containsExactly(text("alpha", 1), text("alpha", 2));
    }
    try (Core core = Core.in(directory)) {
      assertThat(core.broker.dictionaries().find(DICTIONARY.id())).contains(DICTIONARY);
      assertThat(core.bodies("#")).isEqualTo(texts(0, 2));
    }
  }

  @Test
  void keepsADictionaryOverAStart(@TempDir Path directory) {
    try (Core core = Core.in(directory)) {
      DictionaryShelf shelf = core.broker.dictionaries();
      assertThat(shelf.find(DICTIONARY.id())).isEmpty();

      shelf.keep(DICTIONARY, "plant").toCompletableFuture().join();
      shelf.keep(OTHER, "").toCompletableFuture().join();
      shelf.keep(DICTIONARY, "plant").toCompletableFuture().join();

      assertThat(shelf.size()).isEqualTo(2);
    }
    try (Core core = Core.in(directory)) {
      DictionaryShelf shelf = core.broker.dictionaries();
      assertThat(shelf.find(OTHER.id())).contains(OTHER);
      assertThat(shelf.recent()).containsExactly(new DictionaryShelf.Shelved(DICTIONARY, "plant"));
    }
  }

  @Test
  void readsOldSegmentsAfterTheNewestForgotTheirDictionary(@TempDir Path directory) {
    EmbeddedEngineConfig config =
        EmbeddedEngineConfig.of(directory)
            .withSizes(ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
    List<String> expected;
    try (Core core = Core.in(config)) {
      core.publish(batch(0, DICTIONARY));
      expected = texts(0, 1);
      for (int i = 0; i < 12; i++) {
        core.publish(Batches.of(0, List.of(Message.of("c", "x".repeat(10_000)))));
      }
    }
    try (Core core = Core.in(config)) {
      assertThat(core.broker.dictionaries().find(DICTIONARY.id())).isEmpty();
      assertThat(core.bodies("a")).isEqualTo(expected.subList(0, 1));
      assertThat(core.broker.dictionaries().find(DICTIONARY.id())).contains(DICTIONARY);
    }
  }
}
