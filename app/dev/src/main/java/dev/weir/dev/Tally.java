package dev.weir.dev;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/// Counts what arrives of numbered messages, per source: how many, which twice, which not at all.
/// Guarded by its own lock; written by the one subscriber, read by the screen.
final class Tally {
  private final Map<String, BitSet> seen = new TreeMap<>();
  private long stored;
  private long duplicated;

  /// Notes that the message with this number of this source has arrived.
  synchronized void arrived(String source, int number) {
    BitSet numbers = seen.computeIfAbsent(source, _ -> new BitSet());
    if (numbers.get(number)) {
      duplicated++;
    } else {
      numbers.set(number);
      stored++;
    }
  }

  /// Distinct messages that have arrived.
  synchronized long stored() {
    return stored;
  }

  synchronized long duplicated() {
    return duplicated;
  }

  /// How many of the numbers `0 .. sent-1` of each source have not arrived.
  synchronized long missing(Map<String, Integer> sent) {
    long missing = 0;
    for (Map.Entry<String, Integer> entry : sent.entrySet()) {
      BitSet numbers = seen.getOrDefault(entry.getKey(), new BitSet());
      missing += entry.getValue() - numbers.get(0, entry.getValue()).cardinality();
    }
    return missing;
  }
}
