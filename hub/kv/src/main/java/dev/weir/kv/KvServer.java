package dev.weir.kv;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStream;
import java.util.Optional;

/// Serves a store over wire: `kv` streams carry calls, answered in any order; a `kv/watch` stream
/// is one watch. One object may serve any number of connections.
public final class KvServer implements ConnectionHandler {
  /// A stream of calls.
  public static final String CALLS = "kv";

  /// A stream that is one watch.
  public static final String WATCH = "kv/watch";

  private final KvStore store;

  public KvServer(KvStore store) {
    this.store = store;
  }

  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    return switch (request.method()) {
      case CALLS -> {
        stream.consumeByHand();
        yield Optional.of(new CallStream(store));
      }
      case WATCH -> Optional.of(new WatchStream(store));
      default -> Optional.empty();
    };
  }
}
