package dev.weir.link;

import dev.weir.message.BatchSource;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which session speaks for which sender: the newest. Any thread.
final class SessionRegistry {
  private final ConcurrentHashMap<BatchSource, FramedSession> sessions = new ConcurrentHashMap<>();

  /// Makes a session the one of its sender.
  ///
  /// @return the older one, which must be fenced before the new one asks what is stored
  @Nullable FramedSession claim(BatchSource source, FramedSession session) {
    return sessions.put(source, session);
  }

  /// A session ended; a newer one stays.
  void release(BatchSource source, FramedSession session) {
    sessions.remove(source, session);
  }
}
