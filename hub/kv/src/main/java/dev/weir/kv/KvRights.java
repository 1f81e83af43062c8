package dev.weir.kv;

import dev.weir.base.WeirException;
import java.util.function.Consumer;

/// What one client may do with the buckets of a store. Any thread may call it; nothing blocks.
public interface KvRights {
  /// Everything, at any rate.
  KvRights ALL = new KvRights() {};

  /// Demands that a request is allowed.
  ///
  /// @throws WeirException NOT_PERMITTED, or why the client is let in no more
  default void require(KvRequest request) {}

  /// Runs a write once the client's rate has room for it, in the order of the calls: at once, or
  /// later on another thread.
  ///
  /// @param bytes of key and value
  default void pace(long bytes, Runnable write) {
    write.run();
  }

  /// Counts a watch that was allowed, and keeps it as long as it is.
  ///
  /// @param end told why it must end, perhaps more than once, by any thread
  /// @return to be run once when it is over
  /// @throws WeirException QUOTA_EXCEEDED, or why the client is let in no more
  default Runnable watching(KvRequest.Watch watch, Consumer<WeirException> end) {
    return () -> {};
  }
}
