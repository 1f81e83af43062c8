package dev.weir.broker;

import dev.weir.message.BatchScan;
import dev.weir.message.TopicFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts messages by topic, up to a number of topics. Engine threads add, any thread asks.
final class TopicCounters {
  private static final class Counter {
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lastMicros = new AtomicLong();
  }

  private final int maxTopics;
  private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();
  private volatile boolean isComplete = true;

  TopicCounters(int maxTopics) {
    this.maxTopics = maxTopics;
  }

  void add(StoredBatch batch, BatchScan scan) {
    for (int i = 0; i < batch.topics().size(); i++) {
      Counter counter = counter(batch.topics().get(i));
      if (counter != null) {
        counter.messages.addAndGet(scan.count(i));
        counter.bytes.addAndGet(scan.bodyBytes(i));
        counter.lastMicros.accumulateAndGet(batch.storedMicros(), Math::max);
      }
    }
  }

  private @Nullable Counter counter(String topic) {
    Counter known = counters.get(topic);
    if (known != null) {
      return known;
    }
    if (counters.size() >= maxTopics) {
      isComplete = false;
      return null;
    }
    return counters.computeIfAbsent(topic, _ -> new Counter());
  }

  TopicListing list(TopicFilter filter, int limit) {
    List<TopicStatistics> all = new ArrayList<>();
    counters.forEach((topic, counter) -> {
      if (filter.test(topic)) {
        all.add(
            new TopicStatistics(
                topic, counter.messages.get(), counter.bytes.get(), counter.lastMicros.get()));
      }
    });
    all.sort(Comparator.comparing(TopicStatistics::topic));
    boolean isCut = all.size() > limit;
    return new TopicListing(isCut ? all.subList(0, limit) : all, isComplete && !isCut);
  }
}
