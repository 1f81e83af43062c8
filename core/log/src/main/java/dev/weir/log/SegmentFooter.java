package dev.weir.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// What a complete segment says about itself: the body of its SEAL frame. It can always be built
/// again from the frames, so losing one costs time and nothing else.
///
/// ```
///  0         4        8            16           24         32          40          48      52       56
///  ├ version ┼ blocks ┼ baseOffset ┼ endOffset ─┼ frames ──┼ firstTime ┼ lastTime ─┼ chain ┼ topics ┤
/// 56 holes u32, dictionaries u32
/// 64 blocks × { offset u64, position u64, time u64 }
///    holes × { fromPosition u64, toPosition u64, fromOffset u64, toOffset u64 }
///    dictionaries × { position u64, id u32, 0 u32 }
///    topics × { length u16, UTF-8, blocks u32, blocks × u32 }      topics = -1: too many to list
/// ```
///
/// A block is the frames that begin between one index entry and the next (about 64 KiB). `chain` is
/// the CRC-32C of the previous segment's chain value and this body, so a segment that was taken
/// away or put back from elsewhere is noticed by the verifier.
final class SegmentFooter {
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 64;
  private static final int CHAIN_AT = 48;

  final long baseOffset;
  final long endOffset;
  final long frames;
  final long firstMicros;
  final long lastMicros;
  private final long[] offsets;
  private final long[] positions;
  private final long[] times;
  private final @Nullable Map<String, int[]> topicBlocks;
  private final SortedMap<Integer, Long> dictionaries;
  private final List<Hole> holes;

  SegmentFooter(
      long baseOffset,
      long endOffset,
      long frames,
      long firstMicros,
      long lastMicros,
      long[][] blocks,
      @Nullable Map<String, int[]> topicBlocks,
      SortedMap<Integer, Long> dictionaries,
      List<Hole> holes) {
    this.baseOffset = baseOffset;
    this.endOffset = endOffset;
    this.frames = frames;
    this.firstMicros = firstMicros;
    this.lastMicros = lastMicros;
    this.offsets = blocks[0];
    this.positions = blocks[1];
    this.times = blocks[2];
    this.topicBlocks = topicBlocks;
    this.dictionaries = dictionaries;
    this.holes = List.copyOf(holes);
  }

  List<Hole> holes() {
    return holes;
  }

  /// Where a dictionary stands in the segment, -1 when it is not there.
  long dictionaryAt(int id) {
    return dictionaries.getOrDefault(id, -1L);
  }

  /// The ids of the dictionaries in the segment.
  Set<Integer> dictionaries() {
    return dictionaries.keySet();
  }

  int blocks() {
    return positions.length;
  }

  long blockPosition(int block) {
    return positions[block];
  }

  long blockOffset(int block) {
    return offsets[block];
  }

  /// The last block that begins at or before an offset, -1 when none does.
  int blockOfOffset(long offset) {
    return floor(offsets, offset);
  }

  /// The last block whose frames begin at or before a position, -1 when none does.
  int blockOfPosition(long position) {
    return floor(positions, position);
  }

  /// The last block that begins before a time, -1 when none does: where a search for the first
  /// frame at or after that time starts.
  int blockBeforeTime(long micros) {
    return micros == Long.MIN_VALUE ? -1 : floor(times, micros - 1);
  }

  private static int floor(long[] sorted, long key) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /// Marks the blocks with a topic that the filter takes; null when the topics are not known and
  /// every block must be read.
  boolean @Nullable [] blocksWith(Predicate<String> filter) {
    if (topicBlocks == null) {
      return null;
    }
    boolean[] marked = new boolean[positions.length];
    topicBlocks.forEach((topic, blocks) -> {
      if (filter.test(topic)) {
        for (int block : blocks) {
          marked[block] = true;
        }
      }
    });
    return marked;
  }

  /// The body of the SEAL frame.
  byte[] encode(int previousChain) {
    List<byte[]> names = new ArrayList<>();
    int topicBytes = 0;
    if (topicBlocks != null) {
      for (Map.Entry<String, int[]> entry : topicBlocks.entrySet()) {
        byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
        names.add(name);
        topicBytes += 2 + name.length + 4 + 4 * entry.getValue().length;
      }
    }
    ByteBuffer out =
        ByteBuffer.allocate(
                fixedBytes(positions.length, holes.size(), dictionaries.size()) + topicBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(VERSION).putInt(positions.length).putLong(baseOffset).putLong(endOffset);
    out.putLong(frames).putLong(firstMicros).putLong(lastMicros);
    out.putInt(0).putInt(topicBlocks == null ? -1 : topicBlocks.size());
    out.putInt(holes.size()).putInt(dictionaries.size());
    for (int i = 0; i < positions.length; i++) {
      out.putLong(offsets[i]).putLong(positions[i]).putLong(times[i]);
    }
    for (Hole hole : holes) {
      out.putLong(hole.fromPosition()).putLong(hole.toPosition());
      out.putLong(hole.fromOffset()).putLong(hole.toOffset());
    }
    dictionaries.forEach((id, position) -> out.putLong(position).putInt(id).putInt(0));
    if (topicBlocks != null) {
      int index = 0;
      for (int[] blocks : topicBlocks.values()) {
        byte[] name = names.get(index++);
        out.putShort((short) name.length).put(name).putInt(blocks.length);
        for (int block : blocks) {
          out.putInt(block);
        }
      }
    }
    out.putInt(CHAIN_AT, chainOf(out.array(), previousChain));
    return out.array();
  }

  private static int fixedBytes(int blocks, int holes, int dictionaries) {
    return Math.toIntExact(FIXED_BYTES + 24L * blocks + 32L * holes + 16L * dictionaries);
  }

  /// The chain value that an encoded footer carries.
  static int chain(byte[] body) {
    return ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(CHAIN_AT);
  }

  private static int chainOf(byte[] bodyWithoutChain, int previousChain) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).putInt(previousChain).flip());
    crc.update(bodyWithoutChain);
    return (int) crc.getValue();
  }

  /// Decodes a body whose checksum was right.
  ///
  /// @return null when it is of another version or contradicts itself
  static @Nullable SegmentFooter decode(byte[] body, long segment) {
    ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    if (body.length < FIXED_BYTES || in.getInt(0) != VERSION) {
      return null;
    }
    int blocks = in.getInt(4);
    int topics = in.getInt(52);
    int holeCount = in.getInt(56);
    int dictionaryCount = in.getInt(60);
    if (blocks < 0
        || holeCount < 0
        || dictionaryCount < 0
        || FIXED_BYTES + 24L * blocks + 32L * holeCount + 16L * dictionaryCount > body.length) {
      return null;
    }
    in.position(FIXED_BYTES);
    long[][] index = new long[3][blocks];
    for (int i = 0; i < blocks; i++) {
      index[0][i] = in.getLong();
      index[1][i] = in.getLong();
      index[2][i] = in.getLong();
    }
    List<Hole> holes = new ArrayList<>();
    for (int i = 0; i < holeCount; i++) {
      holes.add(new Hole(segment, in.getLong(), in.getLong(), in.getLong(), in.getLong()));
    }
    SortedMap<Integer, Long> dictionaries = new TreeMap<>();
    for (int i = 0; i < dictionaryCount; i++) {
      long position = in.getLong();
      dictionaries.put(in.getInt(), position);
      in.getInt();
    }
    return new SegmentFooter(
        in.getLong(8),
        in.getLong(16),
        in.getLong(24),
        in.getLong(32),
        in.getLong(40),
        index,
        topics < 0 ? null : decodeTopics(in, topics, blocks),
        dictionaries,
        holes);
  }

  private static @Nullable Map<String, int[]> decodeTopics(ByteBuffer in, int topics, int blocks) {
    if (topics > in.remaining() / 6) {
      return null; // each takes six bytes at least
    }
    Map<String, int[]> result = HashMap.newHashMap(topics);
    for (int i = 0; i < topics; i++) {
      if (in.remaining() < 2) {
        return null;
      }
      byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
      if (in.remaining() < name.length + 4) {
        return null;
      }
      in.get(name);
      int count = in.getInt();
      if (count < 0 || in.remaining() / 4 < count) {
        return null;
      }
      int[] list = new int[count];
      for (int j = 0; j < count; j++) {
        list[j] = in.getInt();
      }
      if (Arrays.stream(list).anyMatch(block -> block < 0 || block >= blocks)) {
        return null;
      }
      result.put(new String(name, StandardCharsets.UTF_8), list);
    }
    return result;
  }
}
