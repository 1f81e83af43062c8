package dev.weir.bench.ship;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.log.AppendListener;
import dev.weir.log.FileDisk;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.LogEntry;
import dev.weir.log.LogHooks;
import dev.weir.log.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The spool of the baselines: a message may be sent once it is on disk here, as with the published
/// collectors. It is a log that nobody reads back: what was written is still in memory, which
/// favours the baselines.
///
/// One thread puts, any take; the log's thread moves what has become durable between them.
final class DurableFeed implements AutoCloseable {
  /// Several times what the baselines have in flight (100 messages of 17 KB), and little enough to
  /// be sent in a second: a run measures the link and not how far a disk can run ahead of it.
  private static final int KIB_AHEAD = 4 << 10;

  private static final Retention SHORT =
      new Retention(ByteSize.ofMebibytes(256), Duration.ofDays(1), new ByteSize(0), false);

  private final Log log;
  private final Semaphore roomKib = new Semaphore(KIB_AHEAD);
  private final BlockingQueue<Item> durable = new LinkedBlockingQueue<>(); // Bounded by the room.
  private volatile @Nullable WeirException fault;

  /// A message that is on disk.
  record Item(long number, Bytes body) {
    int kib() {
      return (body.length() >> 10) + 1;
    }
  }

  DurableFeed(Path directory, Clock clock) throws IOException {
    LogConfig config = LogConfig.of("baseline", directory).withRetention(SHORT);
    log = Log.open(config, new FileDisk(), clock, LogHooks.NONE);
  }

  /// Writes a message; waits for room.
  void put(long number, byte[] body) throws InterruptedException {
    Item item = new Item(number, Bytes.wrap(body));
    roomKib.acquire(item.kib());
    log.append(
        LogEntry.data(1, Bytes.EMPTY, item.body()),
        new AppendListener() {
          @Override
          public void durable(
              long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
            durable.add(item);
          }

          @Override
          public void failed(WeirException cause) {
            fault = cause;
          }
        });
  }

  /// Waits for the next message that is on disk.
  ///
  /// @throws WeirException when the disk failed
  Item take() throws InterruptedException {
    @Nullable WeirException failed = fault;
    if (failed != null) {
      throw failed;
    }
    return durable.take();
  }

  /// A message was acked: its room is free.
  void done(Item item) {
    roomKib.release(item.kib());
  }

  @Override
  public void close() {
    log.close();
  }
}
