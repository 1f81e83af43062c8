package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A watch on every storage node. Each node's stream goes on behind the last revision that it told
/// after a lost connection.
///
/// Events come on the connection's event loop.
public final class KvWatching implements AutoCloseable {
  /// Names the storage node of a whole stream to a router, as 8 bytes.
  private static final String ROUTE = "weir-route";

  private final KvClient client;
  private final String bucket;
  private final Bytes prefix;
  private final KvWatcher watcher;
  private final List<Part> parts = new ArrayList<>();
  private volatile boolean isClosed;

  KvWatching(
      KvClient client,
      List<Long> routes,
      String bucket,
      Bytes prefix,
      long afterRevision,
      KvWatcher watcher) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
    this.watcher = watcher;
    routes.forEach(route -> parts.add(new Part(route, afterRevision)));
    parts.forEach(Part::open);
  }

  /// How many storage nodes are followed: each says [KvEvent.Synced] on its own.
  public int nodeCount() {
    return parts.size();
  }

  @Override
  public void close() {
    isClosed = true;
    parts.forEach(Part::close);
  }

  /// The watch on one node. Its fields are used by one stream at a time.
  private final class Part implements StreamHandler {
    private final long route;
    private volatile long after;
    private final AtomicInteger attempt = new AtomicInteger();
    private volatile @Nullable WireStream stream;

    Part(long route, long after) {
      this.route = route;
      this.after = after;
    }

    void open() {
      var _ =
          client.stream()
              .whenComplete((calls, failure) -> {
                if (failure != null) {
                  again();
                } else if (!isClosed) {
                  begin(calls);
                }
              });
    }

    private void begin(WireStream calls) {
      Bytes hash = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(route).array());
      Metadata pinned = new Metadata(List.of(new Metadata.Entry(ROUTE, hash)));
      WireStream opened =
          calls.connection().open(OpenRequest.of(KvServer.WATCH).with(pinned), this);
      stream = opened;
      ByteBuf body = calls.connection().allocator().buffer();
      KvCodec.encode(new KvRequest.Watch(bucket, prefix, after), body);
      if (opened.send(body) == Offer.REFUSED) {
        body.release();
        opened.abort(WireStatus.of(StatusCode.UNAVAILABLE, "Too much waits here."));
      }
      if (isClosed) {
        close();
      }
    }

    private void again() {
      if (!isClosed) {
        var _ = client.later(this::open, client.delayNanos(attempt.getAndIncrement()));
      }
    }

    void close() {
      WireStream open = stream;
      if (open != null) {
        open.abort(WireStatus.of(StatusCode.CANCELLED, "The watch is over."));
      }
    }

    @Override
    public void onMessage(WireStream from, MessageView message) {
      KvEvent event =
          KvCodec.decodeEvent(message.buffer().slice(message.bodyIndex(), message.bodyBytes()));
      attempt.set(0);
      after =
          switch (event) {
            case KvEvent.Change(KvEntry entry) -> entry.revision();
            case KvEvent.Synced(long revision) -> revision;
            case KvEvent.Forgotten _ -> Math.max(after, 0);
          };
      if (!isClosed) {
        watcher.onEvent(event);
      }
    }

    @Override
    public void onClosed(WireStream from, WireStatus status, Metadata trailers) {
      boolean isFinal =
          switch (status.code()) {
            case INVALID_ARGUMENT, UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED, DATA_LOSS ->
                true;
            default -> false;
          };
      if (isClosed) {
        return;
      }
      if (isFinal) {
        WeirException cause = KvFailure.of(status);
        watcher.onFailure(cause);
      } else {
        again();
      }
    }
  }
}
