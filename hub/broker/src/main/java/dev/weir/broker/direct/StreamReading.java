package dev.weir.broker.direct;

import dev.weir.broker.Engine;
import dev.weir.broker.EngineReader;
import dev.weir.broker.StoredBatch;
import dev.weir.broker.StoredEvent;
import dev.weir.broker.StoredGap;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads single messages of the stream by their place. Used by one thread; may read the disk.
final class StreamReading implements AutoCloseable {
  /// Decoded batches at hand: what is loaded is handed out soon, several messages a batch.
  private static final int BATCHES = 8;

  private record Decoded(StoredBatch stored, List<Message> messages) {
    boolean holds(int partition, long offset) {
      return stored.partition() == partition
          && offset >= stored.baseOffset()
          && offset < stored.endOffset();
    }
  }

  private final Engine engine;
  private final int partitions;
  private final ArrayDeque<Decoded> recent = new ArrayDeque<>();
  private final @Nullable EngineReader[] readers;

  StreamReading(Engine engine) {
    this.engine = engine;
    this.partitions = engine.partitions();
    this.readers = new EngineReader[partitions];
  }

  /// The message; null when retention or damage took it.
  ///
  /// @throws IOException when the disk refuses
  @Nullable StreamMessage read(long place) throws IOException {
    int partition = (int) (place % partitions);
    long offset = place / partitions;
    for (Decoded known : recent) {
      if (known.holds(partition, offset)) {
        return message(known, offset);
      }
    }
    EngineReader reader = readerAt(partition, offset);
    for (StoredEvent event = reader.next(); event != null; event = reader.next()) {
      switch (event) {
        case StoredGap gap when gap.toOffset() > offset -> {
          return null;
        }
        case StoredBatch batch when batch.endOffset() > offset -> {
          return batch.baseOffset() > offset ? null : message(decode(batch), offset);
        }
        case StoredGap _, StoredBatch _ -> {}
      }
    }
    return null;
  }

  private static StreamMessage message(Decoded decoded, long offset) {
    StoredBatch stored = decoded.stored();
    Message message = decoded.messages().get((int) (offset - stored.baseOffset()));
    return new StreamMessage(message, stored.storedMicros());
  }

  private Decoded decode(StoredBatch batch) {
    BatchHeader header = BatchHeader.of(batch.topics());
    Decoded decoded = new Decoded(batch, BatchReader.read(batch.batch(), header));
    recent.addFirst(decoded);
    if (recent.size() > BATCHES) {
      recent.removeLast();
    }
    return decoded;
  }

  /// Going on where a reader stands is cheaper than opening one.
  private EngineReader readerAt(int partition, long offset) {
    EngineReader known = readers[partition];
    if (known != null && known.position() == offset) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    EngineReader fresh = engine.reader(partition, offset, _ -> true);
    readers[partition] = fresh;
    return fresh;
  }

  /// Gives back memory until the next read.
  void park() {
    recent.clear();
    for (EngineReader reader : readers) {
      if (reader != null) {
        reader.park();
      }
    }
  }

  @Override
  public void close() {
    for (EngineReader reader : readers) {
      if (reader != null) {
        reader.close();
      }
    }
  }
}
