package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Answers reads from the index, and finds values in the cache or in the log.
///
/// Threads: any; the log is read on the executor's threads.
final class KvReads {
  /// Reads of the disk that wait or are under way; each has a thread and a reader.
  private static final int MAX_DISK_READS = 1024;

  private final StoreState state;
  private final Log log;
  private final Executor disk;
  private final AtomicInteger diskReads = new AtomicInteger();

  KvReads(StoreState state, Log log, Executor disk) {
    this.state = state;
    this.log = log;
    this.disk = disk;
  }

  /// The value that a key has now, or that of one kept revision.
  ///
  /// @param number 0 for the newest
  CompletableFuture<Optional<KvEntry>> get(String bucket, Bytes key, long number) {
    @Nullable Revision found;
    @Nullable Bytes value;
    state.lock.lock();
    try {
      found = find(state.index.key(bucket, key), number);
      value = found == null ? null : cached(found);
    } finally {
      state.lock.unlock();
    }
    if (found == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return value == null
        ? later(found)
        : CompletableFuture.completedFuture(Optional.of(entry(found, value)));
  }

  private @Nullable Revision find(@Nullable KeyState key, long number) {
    if (key == null) {
      return null;
    }
    Revision found = number == 0 ? key.newest() : key.find(number);
    return found != null && found.isValueAt(state.nowMillis()) ? found : null;
  }

  private @Nullable Bytes cached(Revision revision) {
    return revision.valueBytes == 0 ? Bytes.EMPTY : state.cache.get(revision.number);
  }

  private static KvEntry entry(Revision revision, Bytes value) {
    return new KvEntry(
        revision.key.key,
        revision.number,
        revision.kind,
        revision.writtenMillis,
        revision.expiresMillis,
        value);
  }

  private CompletableFuture<Optional<KvEntry>> later(Revision revision) {
    if (diskReads.incrementAndGet() > MAX_DISK_READS) {
      diskReads.decrementAndGet();
      return CompletableFuture.failedFuture(
          new WeirException(ErrorCode.OVERLOADED, "Too many reads wait for the disk."));
    }
    CompletableFuture<Optional<KvEntry>> result = new CompletableFuture<>();
    disk.execute(() -> {
      try {
        result.complete(read(revision));
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
      } finally {
        diskReads.decrementAndGet();
      }
    });
    return result;
  }

  /// Finds a revision's value, reading the disk if need be; empty when the revision is not kept any
  /// more.
  ///
  /// @throws WeirException LOG_DAMAGED when its record cannot be read
  Optional<KvEntry> read(Revision revision) {
    long tried = -1;
    while (true) {
      long offset;
      state.lock.lock();
      try {
        Bytes known = cached(revision);
        if (known != null) {
          return Optional.of(entry(revision, known));
        }
        offset = revision.offset;
        if (offset == tried) {
          return missing(revision);
        }
      } finally {
        state.lock.unlock();
      }
      tried = offset;
      Bytes value = payload(offset);
      if (value != null) {
        keep(revision, value);
        return Optional.of(entry(revision, value));
      }
    }
  }

  private Optional<KvEntry> missing(Revision revision) {
    if (revision.key.find(revision.number) == null) {
      return Optional.empty();
    }
    throw new WeirException(
        ErrorCode.LOG_DAMAGED, "Revision " + revision.number + " cannot be read.");
  }

  private void keep(Revision revision, Bytes value) {
    state.lock.lock();
    try {
      state.cache.put(revision.number, value);
    } finally {
      state.lock.unlock();
    }
  }

  /// A copy of the payload of the record at an offset; null when it is not there.
  private @Nullable Bytes payload(long offset) {
    try (LogReader reader = log.reader(offset)) {
      for (LogEvent event = reader.next(); event != null; event = reader.next()) {
        if (!(event instanceof LogEvent.Frame frame)) {
          return null;
        }
        if (frame.type() == FrameType.DATA) {
          return frame.baseOffset() == offset ? Bytes.wrap(frame.payload().toArray()) : null;
        }
      }
      return null;
    } catch (IOException e) {
      throw new WeirException(ErrorCode.LOG_DAMAGED, "Offset " + offset + " cannot be read.", e);
    }
  }

  /// The kept revisions of a key, oldest first.
  List<KvHead> history(String bucket, Bytes key) {
    state.lock.lock();
    try {
      KeyState found = state.index.key(bucket, key);
      return found == null ? List.of() : found.revisions.stream().map(KvHead::of).toList();
    } finally {
      state.lock.unlock();
    }
  }

  /// Keys that have a value, in order.
  ///
  /// @param after only keys behind this one; empty for all
  List<KvHead> keys(String bucket, Bytes prefix, Bytes after, int max) {
    List<KvHead> heads = new ArrayList<>();
    state.lock.lock();
    try {
      Bucket found = state.index.bucket(bucket);
      if (found == null) {
        return heads;
      }
      NavigableMap<Bytes, KeyState> rest =
          after.isEmpty() ? found.keys.tailMap(prefix, true) : found.keys.tailMap(after, false);
      long now = state.nowMillis();
      for (KeyState key : rest.values()) {
        if (heads.size() == max || !Bucket.hasPrefix(key.key, prefix)) {
          break;
        }
        Revision newest = key.newest();
        if (newest != null && newest.isValueAt(now)) {
          heads.add(KvHead.of(newest));
        }
      }
    } finally {
      state.lock.unlock();
    }
    return heads;
  }
}
