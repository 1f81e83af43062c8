package dev.weir.kv;

import dev.weir.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key: its kept revisions, oldest first, and how many writes of it are on their way to the disk.
/// Guarded by the store's lock.
final class KeyState {
  final Bucket bucket;
  final Bytes key;
  final List<Revision> revisions = new ArrayList<>(1);

  /// The offset of the last record of this key in the log, kept or not: a deletion may only be
  /// forgotten together with everything that came before it, or an older value would be found again
  /// at the next start.
  long lastOffset = -1;

  /// The newest write that is not yet durable.
  @Nullable PendingWrite pending;

  KeyState(Bucket bucket, Bytes key) {
    this.bucket = bucket;
    this.key = key;
  }

  @Nullable Revision newest() {
    return revisions.isEmpty() ? null : revisions.getLast();
  }

  /// The revision of the value that readers see; 0 when there is none.
  long valueRevision(long nowMillis) {
    Revision newest = newest();
    return newest != null && newest.isValueAt(nowMillis) ? newest.number : 0;
  }

  @Nullable Revision find(long number) {
    for (int i = revisions.size() - 1; i >= 0; i--) {
      if (revisions.get(i).number == number) {
        return revisions.get(i);
      }
    }
    return null;
  }

  /// Puts a revision in its place.
  void insert(Revision revision) {
    int at = revisions.size();
    while (at > 0 && revisions.get(at - 1).number > revision.number) {
      at--;
    }
    revisions.add(at, revision);
  }
}
