package dev.weir.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Collects a segment's index while frames are added. The log's thread adds; readers of the active
/// segment look up, so both take the monitor, which is held for some nanoseconds.
final class IndexBuilder {
  /// One entry per this many bytes: 1,024 entries in a segment of 64 MiB, and a search reads at
  /// most this much that it does not need.
  static final int BLOCK_BYTES = 64 << 10;

  /// Beyond this many topics in one segment, or this many places where they occur, their list would
  /// outgrow the data that it saves reading.
  private static final int MAX_TOPICS = 4096;

  private static final int MAX_TOPIC_PLACES = 65_536;
  private static final int MAX_TOPIC_BYTES = 65_535;

  private final long baseOffset;
  private long[] offsets = new long[64];
  private long[] positions = new long[64];
  private long[] times = new long[64];
  private int blocks;
  private long endOffset;
  private long frames;
  private long firstMicros;
  private long lastMicros;
  private final Map<String, BlockList> topics = new HashMap<>();
  private final Map<Integer, Long> dictionaries = new HashMap<>();
  private int topicPlaces;
  private boolean hasTooManyTopics;

  IndexBuilder(long baseOffset) {
    this.baseOffset = baseOffset;
    this.endOffset = baseOffset;
  }

  /// Adds a DATA frame.
  synchronized void add(
      long offset, int count, long position, long micros, List<String> frameTopics) {
    if (blocks == 0 || position - positions[blocks - 1] >= BLOCK_BYTES) {
      addBlock(offset, position, micros);
    }
    if (frames++ == 0) {
      firstMicros = micros;
    }
    lastMicros = micros;
    endOffset = offset + count;
    if (!hasTooManyTopics) {
      addTopics(frameTopics);
    }
  }

  /// Adds a dictionary's frame; the latest of an id counts.
  synchronized void addDictionary(int id, long position) {
    dictionaries.put(id, position);
  }

  /// Where a dictionary stands in the segment, -1 when it is not there.
  synchronized long dictionaryAt(int id) {
    return dictionaries.getOrDefault(id, -1L);
  }

  private void addBlock(long offset, long position, long micros) {
    if (blocks == positions.length) {
      offsets = Arrays.copyOf(offsets, blocks * 2);
      positions = Arrays.copyOf(positions, blocks * 2);
      times = Arrays.copyOf(times, blocks * 2);
    }
    offsets[blocks] = offset;
    positions[blocks] = position;
    times[blocks] = micros;
    blocks++;
  }

  private void addTopics(List<String> frameTopics) {
    for (String topic : frameTopics) {
      BlockList list = topics.computeIfAbsent(topic, _ -> new BlockList());
      topicPlaces += list.add(blocks - 1);
      if (topics.size() > MAX_TOPICS
          || topicPlaces > MAX_TOPIC_PLACES
          || topic.length() * 3 > MAX_TOPIC_BYTES) {
        hasTooManyTopics = true;
        topics.clear();
        return;
      }
    }
  }

  /// Where to start reading for an offset; `otherwise` when no block begins at or before it.
  synchronized long positionBefore(long offset, long otherwise) {
    int found = -1;
    for (int low = 0, high = blocks; low < high; ) {
      int middle = (low + high) >>> 1;
      if (offsets[middle] <= offset) {
        found = middle;
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return found < 0 ? otherwise : positions[found];
  }

  /// The index as it is now.
  synchronized SegmentFooter build(long lastOffset, List<Hole> holes) {
    Map<String, int[]> topicBlocks = HashMap.newHashMap(topics.size());
    topics.forEach((topic, list) -> topicBlocks.put(topic, list.toArray()));
    return new SegmentFooter(
        baseOffset,
        Math.max(endOffset, lastOffset),
        frames,
        firstMicros,
        lastMicros,
        new long[][] {
          Arrays.copyOf(offsets, blocks),
          Arrays.copyOf(positions, blocks),
          Arrays.copyOf(times, blocks)
        },
        hasTooManyTopics ? null : topicBlocks,
        new TreeMap<>(dictionaries),
        new ArrayList<>(holes));
  }

  /// A growing list of block numbers without repeats; they arrive in order.
  private static final class BlockList {
    private int[] blocks = new int[2];
    private int size;

    int add(int block) {
      if (size > 0 && blocks[size - 1] == block) {
        return 0;
      }
      if (size == blocks.length) {
        blocks = Arrays.copyOf(blocks, size * 2);
      }
      blocks[size++] = block;
      return 1;
    }

    int[] toArray() {
      return Arrays.copyOf(blocks, size);
    }
  }
}
