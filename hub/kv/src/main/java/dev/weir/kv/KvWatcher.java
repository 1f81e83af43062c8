package dev.weir.kv;

import dev.weir.base.WeirException;

/// Hears what happens to watched keys, on the connection's event loop: must not block.
public interface KvWatcher {
  /// After a lost connection each node says [KvEvent.Synced] once more.
  void onEvent(KvEvent event);

  /// The watch is over, since the store refuses it.
  void onFailure(WeirException cause);
}
