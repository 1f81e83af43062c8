package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a store should hold.
final class Model {
  private record Held(String value, long revision, long endMillis) {}

  private final Map<String, Held> held = new TreeMap<>();
  private long lastRevision;

  private @Nullable Held at(SteppedStore kv, String key) {
    Held found = held.get(key);
    long now = kv.clock.epochMicros() / 1_000;
    return found == null || (found.endMillis() != 0 && found.endMillis() <= now) ? null : found;
  }

  void put(SteppedStore kv, String key, String value) {
    stored(key, value, kv.put(key, value), 0);
  }

  void putFor(SteppedStore kv, String key, String value, int millis) {
    long end = kv.clock.epochMicros() / 1_000 + millis;
    stored(key, value, kv.putFor(key, value, Duration.ofMillis(millis)), end);
  }

  void putIf(SteppedStore kv, String key, String value, boolean isRight) {
    Held before = at(kv, key);
    long revision = before == null ? 0 : before.revision();
    long expected = isRight ? revision : revision + 1;
    WriteResult result = kv.putIf(key, value, expected);
    if (isRight) {
      stored(key, value, result, 0);
    } else {
      assertThat(result).isEqualTo(new WriteResult.Conflict(revision));
    }
  }

  private void stored(String key, String value, WriteResult result, long endMillis) {
    long revision = ((WriteResult.Stored) result).receipt().revision();
    assertThat(revision).isGreaterThan(lastRevision);
    lastRevision = revision;
    held.put(key, new Held(value, revision, endMillis));
  }

  void deleted(String key, WriteResult result) {
    held.remove(key);
    if (result instanceof WriteResult.Stored(KvReceipt receipt)) {
      assertThat(receipt.revision()).isGreaterThan(lastRevision);
      lastRevision = receipt.revision();
    }
  }

  void checkKey(SteppedStore kv, String key) {
    Held expected = at(kv, key);
    assertThat(kv.get(key)).as(key).isEqualTo(expected == null ? "-" : expected.value());
  }

  void checkAll(SteppedStore kv) {
    held.keySet().forEach(key -> checkKey(kv, key));
    assertThat(
            kv.store.keys("b", Bytes.EMPTY, Bytes.EMPTY, 10_000).stream()
                .map(head -> head.key().utf8() + " " + head.revision()))
        .containsExactlyElementsOf(
            held.entrySet().stream()
                .filter(entry -> at(kv, entry.getKey()) != null)
                .map(entry -> entry.getKey() + " " + entry.getValue().revision())
                .toList());
  }
}
