package dev.weir.broker.direct;

import dev.weir.base.WeirException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads single messages of the stream. Used by one thread; may read the disk.
final class StreamReading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReading.class);

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
  private final ArrayDeque<Decoded> recent = new ArrayDeque<>();
  private final Map<Integer, EngineReader> readers = new HashMap<>();

  StreamReading(Engine engine) {
    this.engine = engine;
  }

  /// The message; null when retention or damage took it.
  ///
  /// @throws IOException when the disk refuses
  @Nullable StreamMessage read(int partition, long offset) throws IOException {
    for (Decoded known : recent) {
      if (known.holds(partition, offset)) {
        return message(known, offset);
      }
    }
    EngineReader reader = readerAt(partition, offset);
    for (StoredEvent event = reader.next(); event != null; event = reader.next()) {
      switch (event) {
        case StoredGap gap -> {
          if (gap.toOffset() > offset) {
            return null;
          }
        }
        case StoredBatch batch -> {
          if (batch.endOffset() > offset) {
            return batch.baseOffset() > offset ? null : decode(batch, offset);
          }
        }
      }
    }
    return null;
  }

  private static StreamMessage message(Decoded decoded, long offset) {
    StoredBatch stored = decoded.stored();
    Message message = decoded.messages().get((int) (offset - stored.baseOffset()));
    return new StreamMessage(message, stored.storedMicros());
  }

  private @Nullable StreamMessage decode(StoredBatch batch, long offset) {
    List<Message> messages;
    try {
      messages = BatchReader.read(batch.batch(), BatchHeader.of(batch.topics()));
    } catch (WeirException e) {
      LOG.warn("the batch at {} cannot be read: {}", batch.baseOffset(), e.explanation());
      return null;
    }
    Decoded decoded = new Decoded(batch, messages);
    recent.addFirst(decoded);
    if (recent.size() > BATCHES) {
      recent.removeLast();
    }
    return message(decoded, offset);
  }

  /// Going on where a reader stands is cheaper than opening one.
  private EngineReader readerAt(int partition, long offset) {
    EngineReader known = readers.get(partition);
    if (known != null && known.position() == offset) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    EngineReader fresh = engine.reader(partition, offset, _ -> true);
    readers.put(partition, fresh);
    return fresh;
  }

  @Override
  public void close() {
    readers.values().forEach(EngineReader::close);
  }
}
