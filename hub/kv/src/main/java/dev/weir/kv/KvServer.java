package dev.weir.kv;

import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireServices;
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
  private final KvPlaces places;

  public KvServer(KvStore store) {
    this(store, KvPlaces.ALL);
  }

  /// @param places which keys are served here
  public KvServer(KvStore store, KvPlaces places) {
    this.store = store;
    this.places = places;
  }

  /// The same services, and these two, for everybody.
  public WireServices in(WireServices others) {
    return others
        .with(CALLS, (stream, _) -> calls(stream, KvRights.ALL))
        .with(WATCH, (_, _) -> watch(KvRights.ALL));
  }

  @Override
  public Optional<StreamHandler> onOpen(WireStream stream, OpenRequest request) {
    return switch (request.method()) {
      case CALLS -> Optional.of(calls(stream, KvRights.ALL));
      case WATCH -> Optional.of(watch(KvRights.ALL));
      default -> Optional.empty();
    };
  }

  /// Serves a stream of calls.
  public StreamHandler calls(WireStream stream, KvRights rights) {
    stream.consumeByHand();
    return new CallStream(store, rights, places);
  }

  /// Serves a stream that is one watch.
  public StreamHandler watch(KvRights rights) {
    return new WatchStream(store, rights);
  }
}
