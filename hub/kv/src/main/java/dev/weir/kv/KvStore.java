package dev.weir.kv;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.log.Log;
import dev.weir.log.LogConfig;
import dev.weir.log.Retention;
import dev.weir.log.TopicExtractor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Key/value buckets in one log: every write is acknowledged after its fsync, with its position in
/// the log as its revision; many writes share a group commit.
///
/// Readers see what is durable and nothing else. The index of all kept revisions is in memory,
/// values are in a cache or in the log.
///
/// Threads: the log's two, `weir-kv-NAME` for expiry and compaction, virtual threads that read
/// values from the disk. Any thread may call any method; futures are completed by the log's thread
/// or by the caller's, so what hangs on them must not block.
public final class KvStore implements AutoCloseable {
  /// A write's `expected` when any revision will do.
  public static final long ANY = Write.ANY;

  /// What a record's header takes in the log beside its names.
  private static final int HEADER_BYTES = 64;

  private final StoreState state;
  private final Log log;
  private final Watchers watchers = new Watchers();
  private final KvWrites writes;
  private final KvReads reads;
  private final Expiry expiry;
  private final Compactor compactor;
  private final @Nullable KvDuty duty;
  private final @Nullable ExecutorService readers;

  private KvStore(StoreState state, Log log, boolean isStepped) {
    this.state = state;
    this.log = log;
    this.readers = isStepped ? null : Executors.newVirtualThreadPerTaskExecutor();
    Executor disk = readers == null ? Runnable::run : readers;
    this.writes = new KvWrites(state, log, watchers);
    this.reads = new KvReads(state, log, disk);
    this.expiry = new Expiry(state, writes);
    this.compactor = new Compactor(state, log);
    this.duty = isStepped ? null : new KvDuty(state.config.name(), this::duties);
  }

  /// Opens the store in a directory, creating it when it is empty.
  ///
  /// @throws IOException when the directory cannot be read or written
  /// @throws WeirException DATA_DIRECTORY_LOCKED when another process has it, UNSUPPORTED_VERSION
  ///   when a later version wrote it
  public static KvStore open(KvConfig config, Disk disk, Clock clock) throws IOException {
    StoreState state = new StoreState(config, clock);
    KvStore store =
        recovered(state, Log.open(logConfig(config), disk, clock, state::snapshot), false);
    if (store.duty != null) {
      store.duty.start();
    }
    return store;
  }

  /// Opens the store without threads: the caller does all work by calling [#step]. For tests that
  /// decide about every step.
  static KvStore openStepped(KvConfig config, Disk disk, Clock clock) throws IOException {
    StoreState state = new StoreState(config, clock);
    return recovered(state, Log.openStepped(logConfig(config), disk, clock, state::snapshot), true);
  }

  private static KvStore recovered(StoreState state, Log log, boolean isStepped)
      throws IOException {
    boolean isRecovered = false;
    try {
      KvRecovery.run(state, log);
      isRecovered = true;
      return new KvStore(state, log, isStepped);
    } finally {
      if (!isRecovered) {
        log.close();
      }
    }
  }

  private static LogConfig logConfig(KvConfig config) {
    long frame =
        config.maxValueBytes().bytes()
            + HEADER_BYTES
            + BucketName.MAX_BYTES
            + KvConfig.MAX_KEY_BYTES;
    return new LogConfig(
        "kv-" + config.name(),
        config.directory(),
        config.segmentBytes(),
        config.queueBytes(),
        new ByteSize(frame),
        Retention.FOREVER,
        TopicExtractor.NONE);
  }

  /// One turn of everything, of a store opened without threads.
  ///
  /// @return whether something was done
  boolean step() {
    boolean hasWorked = duties();
    return log.step() > 0 || hasWorked;
  }

  private boolean duties() {
    boolean hasExpired = expiry.step();
    return compactor.step() || hasExpired;
  }

  /// Starts a round of compaction now.
  void compact() {
    compactor.ask();
  }

  /// Writes a value.
  ///
  /// @param expected the revision that the key must be at, 0 for no value; [#ANY] for whatever
  /// @param ttl how long it lives, zero for ever; empty as the bucket says
  /// @return fails with WeirException OVERLOADED, DISK_FULL or LOG_POISONED when nothing was
  ///   written
  /// @throws WeirException INVALID_TOPIC or TOO_LARGE for what can never be written
  public CompletableFuture<WriteResult> put(
      String bucket, Bytes key, Bytes value, long expected, Optional<Duration> ttl) {
    checkKey(bucket, key);
    if (value.length() > state.config.maxValueBytes().bytes()) {
      throw tooLarge("value", value.length(), state.config.maxValueBytes().bytes());
    }
    long ttlMillis = ttl.map(Duration::toMillis).orElse(Write.BUCKET_TTL);
    return submit(KvKind.PUT, bucket, key, value, expected, ttlMillis);
  }

  /// Writes a value whatever there was, to live as long as its bucket says.
  public CompletableFuture<WriteResult> put(String bucket, Bytes key, Bytes value) {
    return put(bucket, key, value, ANY, Optional.empty());
  }

  /// Deletes a value; see [#put].
  public CompletableFuture<WriteResult> delete(String bucket, Bytes key, long expected) {
    checkKey(bucket, key);
    return submit(KvKind.DELETE, bucket, key, Bytes.EMPTY, expected, 0);
  }

  private CompletableFuture<WriteResult> submit(
      KvKind kind, String bucket, Bytes key, Bytes value, long expected, long ttlMillis) {
    CompletableFuture<WriteResult> result = new CompletableFuture<>();
    writes.submit(new Write(kind, bucket, key, value, expected, ttlMillis, result));
    return result;
  }

  /// Says how a bucket is to be kept from now on; history is cut at each key's next write.
  public CompletableFuture<WriteResult> configure(String bucket, BucketConfig config) {
    BucketName.check(bucket);
    return new ConfigChange(state, log, bucket, config).submit();
  }

  /// The value that a key has; empty when it has none.
  ///
  /// @param revision 0 for the newest
  public CompletableFuture<Optional<KvEntry>> get(String bucket, Bytes key, long revision) {
    checkKey(bucket, key);
    return reads.get(bucket, key, revision);
  }

  /// The kept revisions of a key, oldest first, without their values.
  public List<KvHead> history(String bucket, Bytes key) {
    checkKey(bucket, key);
    return reads.history(bucket, key);
  }

  /// Keys that have a value, in order of their bytes.
  ///
  /// @param after only keys behind this one; empty for all
  /// @param max how many at most, 1 to 10,000
  public List<KvHead> keys(String bucket, Bytes prefix, Bytes after, int max) {
    BucketName.check(bucket);
    Checks.range("max", max, 1, 10_000);
    return reads.keys(bucket, prefix, after, max);
  }

  /// Follows the keys with a prefix.
  ///
  /// @param afterRevision tells what is newer than this; -1 for what comes from now on
  /// @param onNews called by the log's thread when there may be something; must not block
  public KvWatch watch(String bucket, Bytes prefix, long afterRevision, Runnable onNews) {
    BucketName.check(bucket);
    state.lock.lock();
    try {
      long after = afterRevision < 0 ? state.lastRevision : afterRevision;
      return new KvWatch(state, reads, watchers, bucket, prefix, after, onNews);
    } finally {
      state.lock.unlock();
    }
  }

  /// The store's figures.
  public KvStats stats() {
    state.lock.lock();
    try {
      return new KvStats(
          state.index.buckets().size(),
          state.index.revisionCount(),
          state.index.liveBytes(),
          watchers.count(),
          log.stats());
    } finally {
      state.lock.unlock();
    }
  }

  private static void checkKey(String bucket, Bytes key) {
    BucketName.check(bucket);
    if (key.isEmpty() || key.length() > KvConfig.MAX_KEY_BYTES) {
      throw tooLarge("key", key.length(), KvConfig.MAX_KEY_BYTES);
    }
  }

  private static WeirException tooLarge(String what, long bytes, long limit) {
    return new WeirException(
        ErrorCode.TOO_LARGE,
        "The " + what + " has " + bytes + " bytes, expected 1 to " + limit + ".");
  }

  /// Takes nothing any more, makes durable what waits, and ends the threads.
  @Override
  public void close() {
    state.lock.lock();
    try {
      state.isClosed = true;
    } finally {
      state.lock.unlock();
    }
    if (duty != null) {
      duty.close();
    }
    compactor.end();
    if (readers != null) {
      readers.close();
    }
    log.close();
  }
}
