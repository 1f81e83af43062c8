package dev.weir.kv;

import dev.weir.base.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values by revision, the least recently used go first. Guarded by the store's lock.
final class ValueCache {
  /// What an entry takes on the heap beside its bytes.
  private static final int OVERHEAD_BYTES = 120;

  private final long maxBytes;
  private final LinkedHashMap<Long, Bytes> values = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  ValueCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Nullable Bytes get(long revision) {
    return values.get(revision);
  }

  void put(long revision, Bytes value) {
    long cost = OVERHEAD_BYTES + (long) value.length();
    if (cost > maxBytes || values.put(revision, value) != null) {
      return;
    }
    bytes += cost;
    Iterator<Map.Entry<Long, Bytes>> oldest = values.entrySet().iterator();
    while (bytes > maxBytes) {
      bytes -= OVERHEAD_BYTES + (long) oldest.next().getValue().length();
      oldest.remove();
    }
  }

  void remove(long revision) {
    Bytes value = values.remove(revision);
    if (value != null) {
      bytes -= OVERHEAD_BYTES + (long) value.length();
    }
  }
}
