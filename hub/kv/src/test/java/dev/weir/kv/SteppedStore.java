package dev.weir.kv;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.testkit.ManualClock;
import dev.weir.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A store on a simulated disk whose work the test does.
final class SteppedStore implements AutoCloseable {
  final ManualClock clock;
  final KvStore store;

  SteppedStore() throws IOException {
    this(new SimDisk(), new ManualClock());
  }

  SteppedStore(SimDisk disk, ManualClock clock) throws IOException {
    this(disk, clock, config());
  }

  SteppedStore(SimDisk disk, ManualClock clock, KvConfig config) throws IOException {
    this.clock = clock;
    this.store = KvStore.openStepped(config, disk, clock);
  }

  /// Small segments, and no cache to hide what the log says.
  static KvConfig config() {
    return KvConfig.of("test", Path.of("/kv"))
        .withMaxValueBytes(ByteSize.ofKibibytes(8))
        .withSegmentBytes(ByteSize.ofKibibytes(64))
        .withCacheBytes(new ByteSize(0));
  }

  static Bytes key(String text) {
    return Bytes.utf8(text);
  }

  /// Works until there is nothing to do.
  void settle() {
    for (int i = 0; i < 20_000 && store.step(); i++) {}
  }

  <T> T outcome(CompletableFuture<T> future) {
    settle();
    if (!future.isDone()) {
      throw new IllegalStateException("no outcome");
    }
    return future.join();
  }

  WriteResult put(String key, String value) {
    return outcome(store.put("b", key(key), Bytes.utf8(value)));
  }

  long revisionOfPut(String key, String value) {
    return ((WriteResult.Stored) put(key, value)).receipt().revision();
  }

  WriteResult putIf(String key, String value, long expected) {
    return outcome(store.put("b", key(key), Bytes.utf8(value), expected, Optional.empty()));
  }

  WriteResult putFor(String key, String value, Duration ttl) {
    return outcome(store.put("b", key(key), Bytes.utf8(value), KvStore.ANY, Optional.of(ttl)));
  }

  WriteResult delete(String key) {
    return outcome(store.delete("b", key(key), KvStore.ANY));
  }

  /// The value of a key, or "-".
  String get(String key) {
    return get(key, 0);
  }

  String get(String key, long revision) {
    try {
      return store.get("b", key(key), revision).join().map(e -> e.value().utf8()).orElse("-");
    } catch (CompletionException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
