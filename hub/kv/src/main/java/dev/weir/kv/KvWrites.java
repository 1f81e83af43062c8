package dev.weir.kv;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.log.Log;
import dev.weir.log.LogEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of a write, and keeps the index in step with the disk.
///
/// Problem: whether a compare-and-set succeeds depends on writes of its key that are still on their
/// way to the disk, and nobody may be told of those. Idea: one lock around the judgement and the
/// offer to the log, so that the order of judgements is the order in the log; the index moves only
/// when the log says that a record is durable. A compare-and-set that would succeed now, but has a
/// write of its key before it, waits for that one and is judged again. One that fails already fails
/// at once, since revisions only rise.
///
/// Threads: any thread submits; the log's own thread settles and fails.
final class KvWrites {
  private final StoreState state;
  private final Log log;
  private final Watchers watchers;

  KvWrites(StoreState state, Log log, Watchers watchers) {
    this.state = state;
    this.log = log;
    this.watchers = watchers;
  }

  void submit(Write write) {
    @Nullable WriteResult answer = null;
    @Nullable WeirException failure = null;
    state.lock.lock();
    try {
      answer = judge(write);
    } catch (WeirException e) {
      failure = e;
    } finally {
      state.lock.unlock();
    }
    if (failure != null) {
      write.result().completeExceptionally(failure);
    } else if (answer != null) {
      write.result().complete(answer);
    }
  }

  /// The answer, or null when it comes later.
  private @Nullable WriteResult judge(Write write) {
    if (state.isClosed) {
      throw new WeirException(ErrorCode.CONNECTION_LOST, "The store is being closed.");
    }
    KeyState key = state.index.key(write.bucket(), write.key());
    PendingWrite before = key == null ? null : key.pending;
    if (write.kind() == KvKind.EXPIRE) {
      return before == null && isDue(key, write) ? offer(write) : new WriteResult.Absent();
    }
    long current = key == null ? 0 : key.valueRevision(state.nowMillis());
    if (write.expected() != Write.ANY) {
      if (write.expected() != current) {
        return new WriteResult.Conflict(current);
      }
      if (before != null) {
        before.waiters.add(write);
        return null;
      }
    }
    if (write.kind() == KvKind.DELETE && current == 0 && before == null) {
      return new WriteResult.Absent();
    }
    return offer(write);
  }

  private static boolean isDue(@Nullable KeyState key, Write write) {
    Revision newest = key == null ? null : key.newest();
    return newest != null && newest.number == write.expected();
  }

  private @Nullable WriteResult offer(Write write) {
    state.checkRoomFor(write.bucket());
    KeyState key = state.index.keyOrNew(write.bucket(), write.key());
    long now = state.nowMillis();
    RecordHeader header =
        new RecordHeader(
            write.kind().code(), 0, now, expires(write, key, now), write.bucket(), write.key());
    PendingWrite pending = new PendingWrite(this, key, header, write);
    boolean isTaken = log.offer(LogEntry.data(1, header.encode(), write.value()), pending);
    if (!isTaken) {
      state.index.forget(key);
      throw new WeirException(ErrorCode.OVERLOADED, "The log takes no write now.");
    }
    key.pending = pending;
    return null;
  }

  private static long expires(Write write, KeyState key, long now) {
    if (write.kind() != KvKind.PUT) {
      return 0;
    }
    long ttl =
        write.ttlMillis() == Write.BUCKET_TTL
            ? key.bucket.config.ttl().toMillis()
            : write.ttlMillis();
    return ttl == 0 ? 0 : now + ttl;
  }

  /// The log's thread: a write is durable.
  void settle(PendingWrite pending, long offset, long commitMicros) {
    Write write = pending.write;
    Revision revision;
    List<Write> waiters;
    state.lock.lock();
    try {
      revision = state.index.apply(pending.header, offset, write.value().length());
      state.lastRevision = Math.max(state.lastRevision, revision.number);
      state.index.trim(pending.key);
      if (write.kind() == KvKind.PUT) {
        state.cache.put(revision.number, write.value());
      }
      waiters = done(pending);
    } finally {
      state.lock.unlock();
    }
    var receipt = new KvReceipt(revision.number, KvReceipt.Durability.DURABLE, commitMicros);
    write.result().complete(new WriteResult.Stored(receipt));
    watchers.tell(write.bucket());
    waiters.forEach(this::submit);
  }

  /// The log's thread: a write is not in the log and will not be.
  void fail(PendingWrite pending, WeirException cause) {
    List<Write> waiters;
    state.lock.lock();
    try {
      waiters = done(pending);
      state.index.forget(pending.key);
    } finally {
      state.lock.unlock();
    }
    pending.write.result().completeExceptionally(cause);
    waiters.forEach(this::submit);
  }

  private static List<Write> done(PendingWrite pending) {
    if (pending.key.pending == pending) {
      pending.key.pending = null;
    }
    return List.copyOf(pending.waiters);
  }
}
