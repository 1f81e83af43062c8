package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.broker.EngineReader;
import dev.weir.broker.GapReason;
import dev.weir.broker.StoredEvent;
import dev.weir.broker.StoredGap;
import dev.weir.log.FrameType;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.Dictionary;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one partition's log. Used by one thread at a time.
final class FrameReader implements EngineReader {
  private final LogReader reader;
  private final EngineDictionaries dictionaries;
  private final int partition;

  FrameReader(LogReader reader, EngineDictionaries dictionaries, int partition) {
    this.reader = reader;
    this.dictionaries = dictionaries;
    this.partition = partition;
  }

  @Override
  public @Nullable StoredEvent next() throws IOException {
    while (true) {
      switch (reader.next()) {
        case LogEvent.Frame frame -> {
          if (frame.type() == FrameType.DATA) {
            return BatchFrames.event(frame, partition, dictionary(frame.dictionaryId()));
          }
        }
        case LogEvent.Gap gap -> {
          GapReason reason =
              switch (gap.reason()) {
                case RETENTION -> GapReason.RETENTION;
                case DAMAGE -> GapReason.DAMAGE;
              };
          return new StoredGap(partition, gap.fromOffset(), gap.toOffset(), reason);
        }
        case null -> {
          return null;
        }
      }
    }
  }

  private Optional<Dictionary> dictionary(int id) throws IOException {
    if (id == 0) {
      return Optional.empty();
    }
    Optional<Dictionary> known = dictionaries.find(id);
    if (known.isPresent()) {
      return known;
    }
    Bytes found = reader.dictionary(id);
    return found.isEmpty() ? Optional.empty() : dictionaries.learned(found, "");
  }

  @Override
  public long position() {
    return reader.position();
  }

  @Override
  public void park() {
    reader.park();
  }

  @Override
  public void close() {
    reader.close();
  }
}
