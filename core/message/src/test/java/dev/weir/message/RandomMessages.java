package dev.weir.message;

import dev.weir.base.Bytes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Messages that use every part of the model in every combination.
final class RandomMessages {
  private static final String[] TOPICS = {"a", "plant/1/temperature", "ü/漢/😀", "$weir/x", "/"};

  private final RandomGenerator random;

  RandomMessages(RandomGenerator random) {
    this.random = random;
  }

  Message next() {
    return new Message(
        TOPICS[random.nextInt(TOPICS.length)],
        bytes(20),
        random.nextInt(4) == 0 ? random.nextLong() : 1_767_225_600_000_000L + random.nextInt(1000),
        headers(),
        random.nextBoolean() ? "" : "application/json",
        bytes(Message.MAX_ID_BYTES),
        bytes(300),
        duration(),
        duration(),
        random.nextInt(10));
  }

  private Bytes bytes(int bound) {
    byte[] bytes = new byte[random.nextBoolean() ? 0 : random.nextInt(bound + 1)];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      headers.put("name-" + random.nextInt(100), "välue".repeat(random.nextInt(4)));
    }
    return headers;
  }

  private Duration duration() {
    return random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(1 << 30));
  }
}
