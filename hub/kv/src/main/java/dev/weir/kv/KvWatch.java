package dev.weir.kv;

import dev.weir.base.Bytes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Follows a bucket from a revision on. It keeps only where it is: a watcher that is slow finds
/// fewer revisions of a key between, never a queue, and always the newest one.
///
/// Used by one thread at a time; [#next] may read the disk.
public final class KvWatch implements AutoCloseable {
  private final StoreState state;
  private final KvReads reads;
  private final Watchers watchers;
  private final String bucket;
  private final Bytes prefix;
  private final Runnable onNews;
  private long after;
  private boolean isBegun;
  private boolean isSynced;

  /// @param after tells what is newer than this revision
  KvWatch(
      StoreState state,
      KvReads reads,
      Watchers watchers,
      String bucket,
      Bytes prefix,
      long after,
      Runnable onNews) {
    this.state = state;
    this.reads = reads;
    this.watchers = watchers;
    this.bucket = bucket;
    this.prefix = prefix;
    this.after = after;
    this.onNews = onNews;
    watchers.add(bucket, onNews);
  }

  /// The next event, or null when there is none now.
  public @Nullable KvEvent next() {
    while (true) {
      @Nullable Revision revision;
      state.lock.lock();
      try {
        Bucket found = state.index.bucket(bucket);
        if (!isBegun) {
          isBegun = true;
          if (found != null && after < found.forgottenRevision) {
            return new KvEvent.Forgotten(found.forgottenRevision);
          }
        }
        revision = found == null ? null : following(found);
        if (revision == null) {
          return synced();
        }
      } finally {
        state.lock.unlock();
      }
      if (revision.kind != KvKind.PUT) {
        return new KvEvent.Change(bare(revision));
      }
      KvEntry entry = reads.read(revision).orElse(null);
      if (entry != null) {
        return new KvEvent.Change(entry);
      }
    }
  }

  private @Nullable Revision following(Bucket found) {
    Map.Entry<Long, Revision> entry = found.revisions.higherEntry(after);
    while (entry != null) {
      after = entry.getKey();
      if (Bucket.hasPrefix(entry.getValue().key.key, prefix)) {
        return entry.getValue();
      }
      entry = found.revisions.higherEntry(after);
    }
    return null;
  }

  private @Nullable KvEvent synced() {
    if (isSynced) {
      return null;
    }
    isSynced = true;
    return new KvEvent.Synced(after);
  }

  private static KvEntry bare(Revision revision) {
    return new KvEntry(
        revision.key.key, revision.number, revision.kind, revision.writtenMillis, 0, Bytes.EMPTY);
  }

  @Override
  public void close() {
    watchers.remove(bucket, onNews);
  }
}
