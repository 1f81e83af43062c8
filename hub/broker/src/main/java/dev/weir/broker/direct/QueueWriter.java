package dev.weir.broker.direct;

import dev.weir.base.Bytes;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.History;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.QueueState;
import dev.weir.message.TopicFilter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes operations; [QueueReader] reads them. Big-endian, a snapshot is the same as a record.
/// What is settled one after the other stands sorted: acks of neighbours are a few bytes together.
///
/// ```
///  +---------+-----+     OP: u8 kind, u32 queue id, then
///  | version | OP… |       1 CREATED   SPEC, SCANNED
///  | u8 = 2  |     |       2 DELETED
///  +---------+-----+       3 SETTLED   place u64 (version 1 only)
///                          4 RETURNED  place u64, deliveries u32, due µs u64
///                          5 MOVED     target id u32, place u64, level u8, DEATH
///                          6 STATE     SPEC, SCANNED, ten RUNS (one a level), RUNS settled ahead,
///                                      count u32 (place u64, due u64)… delays,
///                                      count u32 (place u64, deliveries u32, due u64, DEATH)…
///                          7 ARRIVED   partitions u8 (from u64, to u64)…, ten RUNS (one a level),
///                                      count u32 (place u64, due u64)… delays
///                          8 SETTLED_RUNS  RUNS
///  DEATH    reason u8 (0 for none, which ends it), queue id u32, deliveries u32, µs u64
///  SPEC     name utf, ordering u8, single active u8, lease ms u64, max deliveries u32, retry base
///           ms u64, retry cap ms u64, ttl ms u64, max length u64, overflow u8, count u8 (filter
///           utf)…, dead letter utf (empty for none)
///  SCANNED  partitions u8, offset u64…
///  RUNS     pairs of var-ints (gap, length), closed by length 0
/// ```
final class QueueWriter {
  static final int FIRST_VERSION = 1;
  static final int VERSION = 2;
  static final int CREATED = 1;
  static final int DELETED = 2;
  static final int SETTLED = 3;
  static final int RETURNED = 4;
  static final int MOVED = 5;
  static final int STATE = 6;
  static final int ARRIVED = 7;
  static final int SETTLED_RUNS = 8;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /// Settled one after the other, and not among the bytes yet.
  private long[] settled = new long[16];

  private int settledCount;
  private int settledQueue;

  QueueWriter() {
    write(() -> out.writeByte(VERSION));
  }

  /// Writes to memory.
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// About what it takes, and at least that.
  int size() {
    return bytes.size() + settledCount * Long.BYTES;
  }

  Bytes content() {
    write(this::settled);
    return Bytes.wrap(bytes.toByteArray());
  }

  void created(int id, QueueSpec spec, QueueScan scan) {
    write(() -> {
      head(CREATED, id);
      spec(spec);
      scanned(scan);
    });
  }

  void deleted(int id) {
    write(() -> head(DELETED, id));
  }

  void settled(int id, long place) {
    if (settledQueue != id) {
      write(this::settled);
      settledQueue = id;
    }
    if (settledCount == settled.length) {
      settled = Arrays.copyOf(settled, settledCount * 2);
    }
    settled[settledCount++] = place;
  }

  private void settled() throws IOException {
    if (settledCount == 0) {
      return;
    }
    Arrays.sort(settled, 0, settledCount);
    out.writeByte(SETTLED_RUNS);
    out.writeInt(settledQueue);
    Runs runs = new Runs();
    for (int i = 0; i < settledCount; i++) {
      runs.add(settled[i], settled[i] + 1);
    }
    runs.end();
    settledCount = 0;
  }

  void arrived(int id, QueueScan.News news, QueueState state) {
    write(() -> {
      head(ARRIVED, id);
      out.writeByte(news.from().length);
      for (int i = 0; i < news.from().length; i++) {
        out.writeLong(news.from()[i]);
        out.writeLong(news.to()[i]);
      }
      unsettled(state);
      delays(state);
    });
  }

  private void unsettled(QueueState state) throws IOException {
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      runs(state.unsettled(level));
    }
  }

  private void delays(QueueState state) throws IOException {
    out.writeInt(state.delays().size());
    state.delays().forEach(this::delay);
  }

  void returned(int id, long place, int deliveries, long dueMicros) {
    write(() -> {
      head(RETURNED, id);
      out.writeLong(place);
      out.writeInt(deliveries);
      out.writeLong(dueMicros);
    });
  }

  void moved(int from, int to, long place, int level, @Nullable Death death) {
    write(() -> {
      head(MOVED, from);
      out.writeInt(to);
      out.writeLong(place);
      out.writeByte(level);
      death(death);
    });
  }

  void state(QueueRecord record) {
    write(() -> {
      head(STATE, record.id());
      spec(record.spec());
      scanned(record.scan());
      QueueState state = record.state();
      unsettled(state);
      runs(record.scan().settledAhead());
      delays(state);
      out.writeInt(state.histories().size());
      for (Map.Entry<Long, History> history : state.histories().entrySet()) {
        out.writeLong(history.getKey());
        out.writeInt(history.getValue().deliveries());
        out.writeLong(history.getValue().dueMicros());
        death(history.getValue().death());
      }
    });
  }

  private void delay(long place, long dueMicros) {
    write(() -> {
      out.writeLong(place);
      out.writeLong(dueMicros);
    });
  }

  private void death(@Nullable Death death) throws IOException {
    if (death == null) {
      out.writeByte(0);
      return;
    }
    out.writeByte(Codes.reason(death.reason()));
    out.writeInt(death.queue());
    out.writeInt(death.deliveries());
    out.writeLong(death.micros());
  }

  private void head(int kind, int id) throws IOException {
    settled();
    out.writeByte(kind);
    out.writeInt(id);
  }

  private void spec(QueueSpec spec) throws IOException {
    QueueSettings settings = spec.settings();
    out.writeUTF(spec.name());
    out.writeByte(Codes.ordering(settings.ordering()));
    out.writeBoolean(settings.isSingleActive());
    out.writeLong(settings.lease().toMillis());
    out.writeInt(settings.maxDeliveries());
    out.writeLong(settings.retryBase().toMillis());
    out.writeLong(settings.retryCap().toMillis());
    out.writeLong(settings.ttl().toMillis());
    out.writeLong(settings.maxLength());
    out.writeByte(Codes.overflow(settings.overflow()));
    out.writeByte(spec.filters().size());
    for (TopicFilter filter : spec.filters()) {
      out.writeUTF(filter.toString());
    }
    out.writeUTF(spec.deadLetter().orElse(""));
  }

  private void scanned(QueueScan scan) throws IOException {
    out.writeByte(scan.partitions());
    for (int partition = 0; partition < scan.partitions(); partition++) {
      out.writeLong(scan.offset(partition));
    }
  }

  private void runs(PositionSet positions) throws IOException {
    Runs runs = new Runs();
    positions.forEachRun(0, runs::add);
    runs.end();
  }

  /// Gathers neighbours.
  private final class Runs {
    private long start;
    private long end;
    private long written;

    /// Those from one up to another, not before what was added.
    void add(long from, long to) {
      if (from > end || end == start) {
        flush();
        start = from;
      }
      end = to;
    }

    private void flush() {
      if (end > start) {
        write(() -> {
          varint(start - written);
          varint(end - start);
        });
        written = end;
      }
    }

    void end() throws IOException {
      flush();
      varint(0);
      varint(0);
    }
  }

  private void varint(long value) throws IOException {
    long rest = value;
    while (rest > 0x7f) {
      out.writeByte((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }
}
