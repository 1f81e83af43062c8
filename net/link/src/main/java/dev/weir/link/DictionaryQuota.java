package dev.weir.link;

import dev.weir.base.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many dictionaries an agent may have stored: some at once, then one a while, whatever it does
/// with its connections. Any thread.
final class DictionaryQuota {
  /// Every class of data of an edge, twice.
  static final int BURST = 16;

  /// Data that changes faster than this is no data to train on.
  static final Duration REFILL = Duration.ofMinutes(10);

  private static final int MAX_AGENTS = 4096;

  /// When the agent's bucket will be full again.
  private final Map<String, Long> fullNanos =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_AGENTS;
        }
      };

  private final Clock clock;

  DictionaryQuota(Clock clock) {
    this.clock = clock;
  }

  /// Takes one of an agent's, if it has one left.
  synchronized boolean admit(String agent) {
    long nowNanos = clock.nanoTime();
    long full = fullNanos.getOrDefault(agent, nowNanos);
    long start = full - nowNanos < 0 ? nowNanos : full;
    long next = start + REFILL.toNanos();
    if (next - nowNanos > BURST * REFILL.toNanos()) {
      return false;
    }
    fullNanos.put(agent, next);
    return true;
  }
}
