package dev.weir.message;

import dev.weir.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Small dictionaries, and texts that they fit.
final class SampleDictionaries {
  private static final String[] WORDS = {
    "region", "datacenter", "rack", "hostname", "service", "environment", "team", "cluster"
  };

  private SampleDictionaries() {}

  static Dictionary train(long seed) {
    List<Bytes> samples = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      samples.add(Bytes.utf8(sample(seed * 1000 + i)));
    }
    return DictionaryTrainer.train(samples, 4 << 10, 3).orElseThrow();
  }

  static String sample(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 20; i++) {
      String word = WORDS[random.nextInt(WORDS.length)];
      text.append('"').append(word).append("\":\"").append(word).append('-');
      text.append(random.nextInt(100)).append("\",");
    }
    return text.append('}').toString();
  }
}
