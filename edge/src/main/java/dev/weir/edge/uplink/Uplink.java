package dev.weir.edge.uplink;

import dev.weir.edge.encoding.DictionaryExchange;
import dev.weir.link.DictionaryListener;
import dev.weir.link.LaneSources;
import dev.weir.link.LinkStats;
import dev.weir.message.BatchSource;
import java.time.Duration;

/// What brings a spool's frames to a core. [Starter] makes one for an open spool.
public interface Uplink extends DictionaryExchange, AutoCloseable {
  /// Says that there may be new frames; any thread, cheap.
  void wake();

  LinkStats stats();

  /// Names who is told about dictionaries; what the core offered before is told at once.
  void listen(DictionaryListener listener);

  /// Sends everything there is and waits until it is acked, or until a time has passed.
  ///
  /// @return whether everything was acked
  boolean drain(Duration deadline);

  /// Ends at once; what has no ack stays in the spool. Idempotent.
  @Override
  void close();

  /// Begins to send.
  @FunctionalInterface
  interface Starter {
    Uplink start(BatchSource source, LaneSources lanes);
  }
}
