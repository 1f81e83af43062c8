package dev.weir.broker.retained;

import dev.weir.base.WeirException;
import dev.weir.broker.Engine;
import dev.weir.broker.EngineReader;
import dev.weir.broker.RetainedMessage;
import dev.weir.broker.RetainedStore;
import dev.weir.broker.StoredBatch;
import dev.weir.broker.StoredEvent;
import dev.weir.message.BatchHeader;
import dev.weir.message.BatchReader;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.Retain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies what is to be kept of a part of the stream to the store. Runs on the keeper's thread,
/// reads and writes the disk.
final class RetainedCopier {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedCopier.class);

  /// Written together: one fsync.
  private static final int MAX_RUN = 1_024;

  private final Engine engine;

  RetainedCopier(Engine engine) {
    this.engine = engine;
  }

  /// Copies from an offset up to another.
  ///
  /// @throws IOException when the disk refuses; copying the same again is harmless
  void copy(RetainedStore to, int partition, long fromOffset, long toOffset)
      throws IOException, InterruptedException {
    List<RetainedMessage> run = new ArrayList<>();
    long from = Math.max(fromOffset, engine.firstOffset(partition));
    long reached = from;
    try (EngineReader reader = engine.reader(partition, from, _ -> true)) {
      StoredEvent event = reader.next();
      while (event != null && reached < toOffset) {
        if (event instanceof StoredBatch batch && batch.hasRetained()) {
          collect(batch, from, run);
          if (run.size() >= MAX_RUN) {
            to.keep(run);
            run.clear();
          }
        }
        reached = reader.position();
        event = reached < toOffset ? reader.next() : null;
      }
    }
    to.keep(run);
    if (reached - to.scannedOffset(partition) > RetainedKeeper.MARK_OFFSETS) {
      to.scanned(partition, reached);
    }
  }

  private void collect(StoredBatch batch, long from, List<RetainedMessage> run) {
    List<Message> messages;
    try {
      messages = BatchReader.read(batch.batch(), BatchHeader.of(batch.topics()));
    } catch (WeirException e) {
      LOG.error("a batch cannot be read, what it retains is lost: {}", e.explanation());
      return;
    }
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      long offset = batch.baseOffset() + i;
      if (offset >= from && Retain.isAsked(message) && !message.topic().startsWith("$")) {
        Position at = new Position(engine.stream(), batch.partition(), offset);
        run.add(new RetainedMessage(at, batch.storedMicros(), message));
      }
    }
  }
}
