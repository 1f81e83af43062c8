package dev.weir.broker.direct;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.queue.Death;
import dev.weir.broker.queue.History;
import dev.weir.broker.queue.PositionSet;
import dev.weir.broker.queue.QueueSettings;
import dev.weir.broker.queue.QueueState;
import dev.weir.broker.queue.RemovalReason;
import dev.weir.message.TopicFilter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what [QueueWriter] wrote.
final class QueueReader {
  private final DataInputStream in;

  private QueueReader(Bytes content) {
    this.in = new DataInputStream(new Content(content));
  }

  /// Bytes one by one, without the lock that those of the JDK take for each: a state of mixed
  /// priorities is tens of millions of them.
  private static final class Content extends InputStream {
    private final Bytes bytes;
    private int index;

    Content(Bytes bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return index < bytes.length() ? bytes.at(index++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = Math.min(length, bytes.length() - index);
      System.arraycopy(bytes.array(), bytes.arrayOffset() + index, target, offset, count);
      index += count;
      return count == 0 && length > 0 ? -1 : count;
    }
  }

  /// Passes each operation on.
  ///
  /// @throws WeirException UNSUPPORTED_VERSION or LOG_DAMAGED
  static void read(Bytes content, QueueReplay replay) {
    try {
      new QueueReader(content).all(replay);
    } catch (IOException | IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "A record of queues cannot be read: " + e.getMessage(), e);
    }
  }

  private void all(QueueReplay replay) throws IOException {
    int version = in.readUnsignedByte();
    if (version < QueueWriter.FIRST_VERSION || version > QueueWriter.VERSION) {
      throw new WeirException(
          ErrorCode.UNSUPPORTED_VERSION,
          "A record of queues has version "
              + version
              + ", expected up to "
              + QueueWriter.VERSION
              + ".");
    }
    for (int kind = in.read(); kind >= 0; kind = in.read()) {
      operation(kind, in.readInt(), replay);
    }
  }

  private void operation(int kind, int id, QueueReplay replay) throws IOException {
    switch (kind) {
      case QueueWriter.CREATED -> replay.created(id, spec(), scanned());
      case QueueWriter.DELETED -> replay.deleted(id);
      case QueueWriter.SETTLED -> {
        long place = in.readLong();
        replay.settled(id, place, place + 1);
      }
      case QueueWriter.SETTLED_RUNS -> runs((first, end) -> replay.settled(id, first, end));
      case QueueWriter.RETURNED -> replay.returned(id, in.readLong(), in.readInt(), in.readLong());
      case QueueWriter.MOVED ->
          replay.moved(id, in.readInt(), in.readLong(), in.readUnsignedByte(), death());
      case QueueWriter.STATE -> replay.state(state(id));
      case QueueWriter.ARRIVED -> replay.arrived(id, arrivals());
      default -> throw new IOException("operation " + kind);
    }
  }

  private @Nullable Death death() throws IOException {
    int code = in.readUnsignedByte();
    if (code == 0) {
      return null;
    }
    RemovalReason reason = Codes.reason(code);
    return new Death(in.readInt(), reason, in.readInt(), in.readLong());
  }

  private QueueRecord state(int id) throws IOException {
    QueueSpec spec = spec();
    long[] scanned = scanned();
    QueueState state = new QueueState();
    unsettled(state);
    PositionSet settledAhead = new PositionSet();
    runs(settledAhead::addRange);
    delays(state);
    int histories = in.readInt();
    for (int i = 0; i < histories; i++) {
      state.histories().put(in.readLong(), new History(in.readInt(), in.readLong(), death()));
    }
    return new QueueRecord(id, spec, new QueueScan(scanned, settledAhead), state);
  }

  private void unsettled(QueueState state) throws IOException {
    for (int level = 0; level < QueueSettings.LEVELS; level++) {
      runs(state.unsettled(level)::addRange);
    }
  }

  private void delays(QueueState state) throws IOException {
    int delays = in.readInt();
    for (int i = 0; i < delays; i++) {
      state.delays().add(in.readLong(), in.readLong());
    }
  }

  private Arrivals arrivals() throws IOException {
    int partitions = in.readUnsignedByte();
    long[] from = new long[partitions];
    long[] to = new long[partitions];
    for (int i = 0; i < partitions; i++) {
      from[i] = in.readLong();
      to[i] = in.readLong();
    }
    QueueState state = new QueueState();
    unsettled(state);
    delays(state);
    return new Arrivals(from, to, state);
  }

  private QueueSpec spec() throws IOException {
    String name = in.readUTF();
    QueueSettings settings =
        new QueueSettings(
            Codes.ordering(in.readUnsignedByte()),
            in.readBoolean(),
            Duration.ofMillis(in.readLong()),
            in.readInt(),
            Duration.ofMillis(in.readLong()),
            Duration.ofMillis(in.readLong()),
            Duration.ofMillis(in.readLong()),
            in.readLong(),
            Codes.overflow(in.readUnsignedByte()));
    List<TopicFilter> filters = new ArrayList<>();
    int count = in.readUnsignedByte();
    for (int i = 0; i < count; i++) {
      filters.add(TopicFilter.parse(in.readUTF()));
    }
    String deadLetter = in.readUTF();
    return new QueueSpec(
        name, settings, filters, deadLetter.isEmpty() ? Optional.empty() : Optional.of(deadLetter));
  }

  private long[] scanned() throws IOException {
    long[] scanned = new long[in.readUnsignedByte()];
    for (int i = 0; i < scanned.length; i++) {
      scanned[i] = in.readLong();
    }
    return scanned;
  }

  private void runs(PositionSet.RunConsumer consumer) throws IOException {
    long at = 0;
    while (true) {
      at += varint();
      long length = varint();
      if (length == 0) {
        return;
      }
      if (at > PositionSet.MAX_POSITION - length) {
        throw new IOException("places up to " + at + " and " + length + " more");
      }
      consumer.accept(at, at + length);
      at += length;
    }
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = in.readUnsignedByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("a number of more than 63 bits");
  }
}
