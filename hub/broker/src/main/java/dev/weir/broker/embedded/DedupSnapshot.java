package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.BatchSource;
import dev.weir.message.RefusedFrame;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A partition's part of the duplicate state as it is written at the start of each segment of its
/// log, so that opening a log reads one segment however long it is. Version 2, little-endian:
///
/// ```
///  byte 0     u8 version = 2
///       1     u32 number of lanes n, longest unused first
///       5 ..  n × { u8 agent length, UTF-8 agent, u64 incarnation, u32 lane,
///                   u64 last stored sequence, u64 microseconds since 1970 of its last use,
///                   u32 CRC-32C of the frame that came under that sequence, 0 when not known,
///                   u8 number of refused frames r, r × { u64 sequence, u32 code } }
///       ..    u32 number of message ids m, oldest first
///       ..    u64 microseconds and u64 offset that the ids count from
///       ..    m × { 16 bytes of hash, varint microseconds since the id before,
///                   zigzag varint offset against the id before }
/// ```
///
/// Version 1 has neither checksums nor refused frames: its lanes end behind the time.
///
/// What does not fit its limit is left out: the oldest ids first, then the longest unused lanes.
final class DedupSnapshot {
  private static final byte VERSION = 2;
  private static final byte FIRST_VERSION = 1;
  private static final int FIXED_BYTES = 1 + 4 + 4 + 16;
  private static final int LANE_BYTES = 1 + 8 + 4 + 8 + 8 + 4 + 1;
  private static final int REFUSED_BYTES = 8 + 4;
  private static final int ID_BYTES = 16 + 10 + 10;

  private DedupSnapshot() {}

  /// Encodes what belongs to a partition.
  ///
  /// @param maxBytes the size of the result at most
  static Bytes encode(LaneTable lanes, IdWindow ids, int partition, int maxBytes) {
    List<LaneTable.Lane> own = new ArrayList<>();
    lanes.forEachStored(lane -> {
      if (lane.partition() == partition) {
        own.add(lane);
      }
    });
    int firstLane = own.size();
    long bytes = FIXED_BYTES;
    while (firstLane > 0 && bytes + bytesOf(own.get(firstLane - 1)) <= maxBytes) {
      firstLane--;
      bytes += bytesOf(own.get(firstLane));
    }
    long firstId = firstThatFits(ids, partition, maxBytes - bytes);
    long idBytes = Math.min(maxBytes - bytes, (ids.endPosition() - firstId) * ID_BYTES);
    ByteBuffer out = ByteBuffer.allocate((int) (bytes + idBytes)).order(ByteOrder.LITTLE_ENDIAN);
    out.put(VERSION).putInt(own.size() - firstLane);
    for (LaneTable.Lane lane : own.subList(firstLane, own.size())) {
      put(out, lane);
    }
    put(out, ids, partition, firstId);
    return Bytes.wrap(out.array(), 0, out.position());
  }

  private static long firstThatFits(IdWindow ids, int partition, long bytes) {
    long position = ids.endPosition();
    long left = bytes / ID_BYTES;
    while (position > ids.firstPosition() && left > 0) {
      position--;
      left -= ids.partition(position) == partition ? 1 : 0;
    }
    return position;
  }

  private static int bytesOf(LaneTable.Lane lane) {
    return LANE_BYTES
        + lane.key().source().agent().getBytes(StandardCharsets.UTF_8).length
        + REFUSED_BYTES * lane.refused().size();
  }

  private static void put(ByteBuffer out, LaneTable.Lane lane) {
    byte[] agent = lane.key().source().agent().getBytes(StandardCharsets.UTF_8);
    out.put((byte) agent.length)
        .put(agent)
        .putLong(lane.key().source().incarnation())
        .putInt(lane.key().lane())
        .putLong(lane.durable())
        .putLong(lane.lastMicros())
        .putInt(lane.durableCrc32c())
        .put((byte) lane.refused().size());
    for (RefusedFrame frame : lane.refused()) {
      out.putLong(frame.sequence()).putInt(frame.code().number());
    }
  }

  private static void put(ByteBuffer out, IdWindow ids, int partition, long firstId) {
    int countAt = out.position();
    out.putInt(0).putLong(0).putLong(0);
    int count = 0;
    long micros = 0;
    long offset = 0;
    for (long position = firstId; position < ids.endPosition(); position++) {
      if (ids.partition(position) != partition) {
        continue;
      }
      if (count == 0) {
        micros = ids.timeMicros(position);
        offset = ids.offset(position);
        out.putLong(countAt + 4, micros).putLong(countAt + 12, offset);
      }
      IdHash id = ids.id(position);
      out.putLong(id.high()).putLong(id.low());
      varint(out, ids.timeMicros(position) - micros);
      long delta = ids.offset(position) - offset;
      varint(out, (delta << 1) ^ (delta >> 63));
      micros = ids.timeMicros(position);
      offset = ids.offset(position);
      count++;
    }
    out.putInt(countAt, count);
  }

  private static void varint(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /// Puts a snapshot back into tables.
  ///
  /// @throws WeirException with LOG_DAMAGED when it is not one of this version
  static void decode(Bytes encoded, int partition, LaneTable lanes, IdWindow ids) {
    ByteBuffer in = encoded.buffer().order(ByteOrder.LITTLE_ENDIAN);
    try {
      byte version = in.get();
      if (version < FIRST_VERSION || version > VERSION) {
        throw new WeirException(
            ErrorCode.LOG_DAMAGED,
            "The state of a log has version " + version + ", expected 1 or 2.");
      }
      for (int left = in.getInt(); left > 0; left--) {
        readLane(in, partition, lanes, version);
      }
      readIds(in, partition, ids);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new WeirException(ErrorCode.LOG_DAMAGED, "The state of a log does not decode.", e);
    }
  }

  private static void readLane(ByteBuffer in, int partition, LaneTable lanes, byte version) {
    byte[] agent = new byte[in.get() & 0xff];
    in.get(agent);
    BatchSource source = new BatchSource(new String(agent, StandardCharsets.UTF_8), in.getLong());
    LaneKey key = new LaneKey(source, in.getInt());
    long sequence = in.getLong();
    long micros = in.getLong();
    lanes.replay(key, partition, sequence, version == FIRST_VERSION ? 0 : in.getInt(), micros);
    for (int left = version == FIRST_VERSION ? 0 : in.get() & 0xff; left > 0; left--) {
      long refused = in.getLong();
      ErrorCode code = ErrorCode.of(in.getInt()).orElse(ErrorCode.MALFORMED);
      lanes.replay(key, new RefusedFrame(refused, code));
    }
  }

  private static void readIds(ByteBuffer in, int partition, IdWindow ids) {
    int count = in.getInt();
    long micros = in.getLong();
    long offset = in.getLong();
    for (int i = 0; i < count; i++) {
      IdHash id = new IdHash(in.getLong(), in.getLong());
      micros += varint(in);
      long zigzag = varint(in);
      offset += (zigzag >>> 1) ^ -(zigzag & 1);
      ids.add(id, partition, offset, micros);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than ten bytes");
  }
}
