package dev.weir.edge.encoding;

import dev.weir.base.Bytes;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import java.util.ArrayList;
import java.util.List;

/// Small dictionaries for tests, and texts that they fit.
public final class Trained {
  private Trained() {}

  public static Dictionary on(String word) {
    List<Bytes> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      samples.add(Bytes.utf8(text(word, i)));
    }
    return DictionaryTrainer.train(samples, 4 << 10, 3).orElseThrow();
  }

  public static String text(String word, int i) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < 8; k++) {
      text.append('"').append(word).append("-region-").append((i * 31 + k * 17) % 97);
      text.append("\":\"").append(word).append("-value-").append((i * 7919 + k) % 1000).append('"');
    }
    return text.toString();
  }
}
