package dev.weir.kv;

import dev.weir.base.Bytes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Everything that is durable, by bucket and key: where each kept revision is in the log. It knows
/// no values and no I/O.
///
/// Invariants:
/// - a revision is in its key's list, in its bucket's order, and counted in [#liveBytes], or in
///   none of them;
/// - [#expiries] holds the newest revision of each key that ends at a time, and nothing else;
/// - what [IndexSnapshot] writes of it and the records after it give the same index again.
///
/// Guarded by the store's lock.
final class KvIndex {
  private final Map<String, Bucket> buckets = new HashMap<>();
  private final TreeSet<Revision> expiries = new TreeSet<>(Revision.BY_EXPIRY);
  private long liveBytes;
  private long revisionCount;
  private long keyBytes;

  Map<String, Bucket> buckets() {
    return buckets;
  }

  @Nullable Bucket bucket(String name) {
    return buckets.get(name);
  }

  Bucket bucketOrNew(String name) {
    return buckets.computeIfAbsent(name, Bucket::new);
  }

  @Nullable KeyState key(String bucketName, Bytes key) {
    Bucket bucket = buckets.get(bucketName);
    return bucket == null ? null : bucket.keys.get(key);
  }

  KeyState keyOrNew(String bucketName, Bytes key) {
    Bucket bucket = bucketOrNew(bucketName);
    return bucket.keys.computeIfAbsent(
        key,
        k -> {
          keyBytes += k.length();
          return new KeyState(bucket, k);
        });
  }

  /// The newest revisions that end at a time, the first to end first.
  NavigableSet<Revision> expiries() {
    return expiries;
  }

  /// Bytes of the log that are still needed, about.
  long liveBytes() {
    return liveBytes;
  }

  long revisionCount() {
    return revisionCount;
  }

  long keyBytes() {
    return keyBytes;
  }

  /// A record is durable, or was found at the start: a new revision, or a copy of a known one.
  ///
  /// @return the revision
  Revision apply(RecordHeader header, long offset, int valueBytes) {
    KeyState key = keyOrNew(header.bucket(), header.key());
    key.lastOffset = Math.max(key.lastOffset, offset);
    long number = header.revision() == 0 ? offset + 1 : header.revision();
    Revision known = key.find(number);
    if (known != null) {
      known.offset = offset;
      return known;
    }
    return add(
        key,
        new Revision(
            key,
            number,
            offset,
            KvKind.of(header.kindCode()).orElseThrow(),
            header.writtenMillis(),
            header.expiresMillis(),
            valueBytes));
  }

  /// A copy of a revision is durable; one that is not kept any more only leaves its trace.
  void move(RecordHeader header, long offset) {
    KeyState key = key(header.bucket(), header.key());
    if (key == null) {
      return;
    }
    key.lastOffset = Math.max(key.lastOffset, offset);
    Revision known = key.find(header.revision());
    if (known != null) {
      known.offset = offset;
    }
  }

  /// A copy of a bucket's record is durable.
  void moveBucket(String name, long offset) {
    bucketOrNew(name).offset = offset;
  }

  Revision add(KeyState key, Revision revision) {
    untime(key);
    key.insert(revision);
    time(key);
    key.bucket.revisions.put(revision.number, revision);
    liveBytes += revision.recordBytes();
    revisionCount++;
    return revision;
  }

  private void untime(KeyState key) {
    Revision newest = key.newest();
    if (newest != null && newest.expiresMillis != 0) {
      expiries.remove(newest);
    }
  }

  private void time(KeyState key) {
    Revision newest = key.newest();
    if (newest != null && newest.kind == KvKind.PUT && newest.expiresMillis != 0) {
      expiries.add(newest);
    }
  }

  /// Lets the oldest revisions beyond the bucket's history go.
  void trim(KeyState key) {
    while (key.revisions.size() > key.bucket.config.history()) {
      remove(key.revisions.getFirst());
    }
  }

  void remove(Revision revision) {
    KeyState key = revision.key;
    untime(key);
    key.revisions.remove(revision);
    time(key);
    key.bucket.revisions.remove(revision.number);
    liveBytes -= revision.recordBytes();
    revisionCount--;
  }

  /// Forgets a key that has no revision and no write on its way.
  void forget(KeyState key) {
    if (key.revisions.isEmpty() && key.pending == null) {
      key.bucket.keys.remove(key.key);
      keyBytes -= key.key.length();
    }
  }

  /// A BUCKET record is durable, or was found at the start.
  void applyBucket(RecordHeader header, long offset) {
    Bucket bucket = bucketOrNew(header.bucket());
    bucket.config =
        new BucketConfig((int) header.revision(), Duration.ofMillis(header.expiresMillis()));
    bucket.forgottenRevision = Math.max(bucket.forgottenRevision, header.writtenMillis());
    bucket.offset = offset;
  }

  static RecordHeader bucketRecord(Bucket bucket) {
    return bucketRecord(bucket.name, bucket.config, bucket.forgottenRevision);
  }

  static RecordHeader bucketRecord(String name, BucketConfig config, long forgottenRevision) {
    return new RecordHeader(
        RecordHeader.BUCKET,
        config.history(),
        forgottenRevision,
        config.ttl().toMillis(),
        name,
        Bytes.EMPTY);
  }

  /// After a start: every key is cut to its history.
  void trimAll() {
    for (Bucket bucket : buckets.values()) {
      for (KeyState key : List.copyOf(bucket.keys.values())) {
        trim(key);
      }
    }
  }
}
