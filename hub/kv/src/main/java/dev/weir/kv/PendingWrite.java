package dev.weir.kv;

import dev.weir.base.WeirException;
import dev.weir.log.AppendListener;
import java.util.ArrayList;
import java.util.List;

/// A write on its way to the disk, with those who wait for its outcome before theirs is judged.
final class PendingWrite implements AppendListener {
  private final KvWrites owner;
  final KeyState key;
  final RecordHeader header;
  final Write write;

  /// Guarded by the store's lock.
  final List<Write> waiters = new ArrayList<>(0);

  PendingWrite(KvWrites owner, KeyState key, RecordHeader header, Write write) {
    this.owner = owner;
    this.key = key;
    this.header = header;
    this.write = write;
  }

  @Override
  public void durable(long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
    owner.settle(this, baseOffset, commitMicros);
  }

  @Override
  public void failed(WeirException cause) {
    owner.fail(this, cause);
  }
}
