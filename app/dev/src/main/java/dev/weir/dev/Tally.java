package dev.weir.dev;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Counts what arrives of numbered messages, per source: how many, which twice, which not at all,
/// and how many sequences in order they come in. A lane keeps its order and each holds what arose
/// in a time of its own, so there are no more such runs than lanes: numbers that go on behind the
/// last one of a run belong to it.
///
/// Guarded by its own lock; written by the one subscriber, read by the screen.
final class Tally {
  private final Map<String, BitSet> seen = new TreeMap<>();

  /// Per source: the last number of each run.
  private final Map<String, TreeSet<Integer>> runs = new TreeMap<>();

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
      extendRun(source, number);
    }
  }

  private void extendRun(String source, int number) {
    TreeSet<Integer> ends = runs.computeIfAbsent(source, _ -> new TreeSet<>());
    Integer nearest = ends.lower(number);
    if (nearest != null) {
      ends.remove(nearest);
    }
    ends.add(number);
  }

  /// The most runs that any source's messages came in: 1 when all came in order.
  synchronized int runs() {
    return runs.values().stream().mapToInt(TreeSet::size).max().orElse(0);
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
