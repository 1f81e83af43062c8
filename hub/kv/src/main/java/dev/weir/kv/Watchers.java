package dev.weir.kv;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Who wants to hear that something happened in a bucket. Any thread.
final class Watchers {
  private final Map<String, Set<Runnable>> byBucket = new ConcurrentHashMap<>();

  void add(String bucket, Runnable onNews) {
    byBucket.computeIfAbsent(bucket, _ -> ConcurrentHashMap.newKeySet()).add(onNews);
  }

  void remove(String bucket, Runnable onNews) {
    byBucket.computeIfPresent(
        bucket,
        (_, set) -> {
          set.remove(onNews);
          return set.isEmpty() ? null : set;
        });
  }

  void tell(String bucket) {
    Set<Runnable> set = byBucket.get(bucket);
    if (set != null) {
      set.forEach(Runnable::run);
    }
  }

  int count() {
    return byBucket.values().stream().mapToInt(Set::size).sum();
  }
}
