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
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads single messages of the stream. Used by one thread; may read the disk.
final class StreamReading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReading.class);

  /// Decoded batches at hand: what is loaded is handed out soon, several messages a batch.
  private static final int BATCHES = 8;

  /// Beyond these many more are kept while they are small: what is published alone is a batch of
  /// its own, and a queue loads up to 1,024 before it hands out the first.
  private static final int MESSAGES = 1_024;

  private static final long BYTES = 1 << 20;

  /// Read over rather than opening a reader behind them: most streams hold more than one queue's.
  private static final int NEAR_MESSAGES = 256;

  private record Decoded(StoredBatch stored, List<Message> messages) {
    boolean holds(long offset) {
      return offset >= stored.baseOffset() && offset < stored.endOffset();
    }
  }

  private final Engine engine;

  /// In the order in which they were decoded, and by partition and first offset.
  private final ArrayDeque<Decoded> recent = new ArrayDeque<>();

  private final Map<Integer, NavigableMap<Long, Decoded>> byOffset = new HashMap<>();

  /// Where the last message was: the next one mostly stands beside it.
  private @Nullable Decoded latest;

  private int recentMessages;
  private long recentBytes;
  private final Map<Integer, EngineReader> readers = new HashMap<>();

  StreamReading(Engine engine) {
    this.engine = engine;
  }

  /// The message; null when retention or damage took it.
  ///
  /// @throws IOException when the disk refuses
  @Nullable StreamMessage read(int partition, long offset) throws IOException {
    Decoded known = known(partition, offset);
    if (known != null) {
      return message(known, offset);
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

  private @Nullable Decoded known(int partition, long offset) {
    Decoded last = latest;
    if (last != null && last.stored().partition() == partition && last.holds(offset)) {
      return last;
    }
    Map.Entry<Long, Decoded> found = offsets(partition).floorEntry(offset);
    if (found == null || !found.getValue().holds(offset)) {
      return null;
    }
    latest = found.getValue();
    return found.getValue();
  }

  private NavigableMap<Long, Decoded> offsets(int partition) {
    return byOffset.computeIfAbsent(partition, _ -> new TreeMap<>());
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
    keep(decoded);
    return message(decoded, offset);
  }

  private void keep(Decoded newest) {
    StoredBatch batch = newest.stored();
    if (offsets(batch.partition()).put(batch.baseOffset(), newest) != null) {
      throw new IllegalStateException("decoded twice: " + batch.baseOffset());
    }
    latest = newest;
    recent.add(newest);
    recentMessages += batch.batch().count();
    recentBytes += batch.batch().weight();
    while (recent.size() > BATCHES && (recentMessages > MESSAGES || recentBytes > BYTES)) {
      StoredBatch gone = recent.remove().stored();
      offsets(gone.partition()).remove(gone.baseOffset());
      recentMessages -= gone.batch().count();
      recentBytes -= gone.batch().weight();
    }
  }

  /// Going on where a reader stands, or a little before, is cheaper than opening one.
  private EngineReader readerAt(int partition, long offset) {
    EngineReader known = readers.get(partition);
    long ahead = known == null ? -1 : offset - known.position();
    if (known != null && ahead >= 0 && ahead <= NEAR_MESSAGES) {
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
