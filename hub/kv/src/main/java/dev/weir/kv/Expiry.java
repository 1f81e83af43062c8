package dev.weir.kv;

import dev.weir.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Turns values whose time is over into EXPIRE revisions, so that watchers hear of it in order.
/// Readers do not see them from that time on, whether that has happened or not.
///
/// Runs on the store's duty thread.
final class Expiry {
  private static final int MAX_PER_STEP = 256;

  private final StoreState state;
  private final KvWrites writes;

  Expiry(StoreState state, KvWrites writes) {
    this.state = state;
    this.writes = writes;
  }

  /// @return whether something was done
  boolean step() {
    List<Write> due = new ArrayList<>();
    state.lock.lock();
    try {
      long now = state.nowMillis();
      for (Revision revision : state.index.expiries()) {
        if (revision.expiresMillis > now || due.size() == MAX_PER_STEP) {
          break;
        }
        if (revision.key.pending == null) {
          due.add(expire(revision));
        }
      }
    } finally {
      state.lock.unlock();
    }
    due.forEach(writes::submit);
    return !due.isEmpty();
  }

  private static Write expire(Revision revision) {
    return new Write(
        KvKind.EXPIRE,
        revision.key.bucket.name,
        revision.key.key,
        Bytes.EMPTY,
        revision.number,
        0,
        new CompletableFuture<>());
  }
}
