package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Uses a store, or a router in front of several, over one connection that is made anew when it is
/// lost. See [BlockingKv] for plain blocking code.
///
/// Any thread may call any method. Futures are completed on the connection's event loop: what hangs
/// on them must not block. They fail with WeirException.
public final class KvClient implements AutoCloseable {
  private final WireConnector connector;
  private final SocketAddress address;
  private final Duration timeout;

  // Guarded by this object's monitor, which is held for no work.
  private @Nullable CompletableFuture<WireStream> current;

  /// Tells the streams apart: the number of the current one, or of the last.
  private long lastNumber;

  private @Nullable CompletableFuture<List<Long>> routes;
  private boolean isClosed;

  /// @param timeout for one call with all its attempts, at most an hour
  public KvClient(WireConnector connector, SocketAddress address, Duration timeout) {
    Checks.range("timeout in ms", timeout.toMillis(), 1, Duration.ofHours(1).toMillis());
    this.connector = connector;
    this.address = address;
    this.timeout = timeout;
  }

  /// Writes a value; see [KvStore#put].
  public CompletableFuture<WriteResult> put(
      String bucket, Bytes key, Bytes value, long expected, Optional<Duration> ttl) {
    long ttlMillis = ttl.map(Duration::toMillis).orElse(Write.BUCKET_TTL);
    return call(new KvRequest.Put(bucket, key, value, expected, ttlMillis), KvCodec::decodeResult);
  }

  public CompletableFuture<WriteResult> put(String bucket, Bytes key, Bytes value) {
    return put(bucket, key, value, KvStore.ANY, Optional.empty());
  }

  public CompletableFuture<WriteResult> delete(String bucket, Bytes key, long expected) {
    return call(new KvRequest.Delete(bucket, key, expected), KvCodec::decodeResult);
  }

  /// @param revision 0 for the newest
  public CompletableFuture<Optional<KvEntry>> get(String bucket, Bytes key, long revision) {
    return call(new KvRequest.Get(bucket, key, revision), KvCodec::decodeEntry);
  }

  public CompletableFuture<List<KvHead>> history(String bucket, Bytes key) {
    return call(new KvRequest.History(bucket, key), KvCodec::decodeHeads);
  }

  /// Keys of every storage node, in order; see [KvStore#keys].
  public CompletableFuture<List<KvHead>> keys(String bucket, Bytes prefix, Bytes after, int max) {
    var request = new KvRequest.Keys(bucket, prefix, after, max);
    return everywhere(request, KvCodec::decodeHeads)
        .thenApply(lists ->
            lists.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(KvHead::key, Bucket.BY_BYTES))
                .limit(max)
                .toList());
  }

  /// Configures a bucket on every storage node.
  public CompletableFuture<List<WriteResult>> configure(String bucket, BucketConfig config) {
    return everywhere(new KvRequest.Configure(bucket, config), KvCodec::decodeResult);
  }

  /// Follows the keys with a prefix on every storage node, over lost connections too.
  ///
  /// @param afterRevision see [KvStore#watch]; each storage node counts its own
  public CompletableFuture<KvWatching> watch(
      String bucket, Bytes prefix, long afterRevision, KvWatcher watcher) {
    return routes()
        .thenApply(found -> new KvWatching(this, found, bucket, prefix, afterRevision, watcher));
  }

  private <T> CompletableFuture<T> call(KvRequest request, Function<ByteBuf, T> decoder) {
    return call(request, KvRoute.of(request.bucket(), request.key()), decoder);
  }

  private <T> CompletableFuture<T> call(
      KvRequest request, long route, Function<ByteBuf, T> decoder) {
    KvCall<T> call = new KvCall<>(this, request, route, nanoTime() + timeout.toNanos(), decoder);
    call.start();
    return call.result;
  }

  private <T> CompletableFuture<List<T>> everywhere(
      KvRequest request, Function<ByteBuf, T> decoder) {
    return routes()
        .thenCompose(found -> {
          List<CompletableFuture<T>> parts = new ArrayList<>();
          found.forEach(route -> parts.add(call(request, route, decoder)));
          return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
              .thenApply(_ -> parts.stream().map(CompletableFuture::join).toList());
        });
  }

  /// One route to each storage node: asked of a router, one when there is none. They are asked anew
  /// on each connection.
  private CompletableFuture<List<Long>> routes() {
    synchronized (this) {
      if (routes != null && !routes.isCompletedExceptionally()) {
        return routes;
      }
    }
    CompletableFuture<List<Long>> asked = KvRoutes.ask(this, timeout);
    synchronized (this) {
      routes = asked;
    }
    return asked;
  }

  /// The stream for calls, being opened if there is none.
  CompletableFuture<WireStream> stream() {
    CompletableFuture<WireStream> opening;
    long number;
    synchronized (this) {
      if (isClosed) {
        return CompletableFuture.failedFuture(new IllegalStateException("the client is closed"));
      }
      if (current != null) {
        return current;
      }
      opening = new CompletableFuture<>();
      current = opening;
      number = ++lastNumber;
    }
    var _ =
        connector
            .connect(address, new Leaving(number))
            .whenComplete((connection, failure) -> {
              if (failure != null) {
                lost(number);
                opening.completeExceptionally(failure);
              } else {
                WireStream stream =
                    connection.open(OpenRequest.of(KvServer.CALLS), new Calls(number));
                opening.complete(stream);
                if (isClosed()) {
                  connection.close();
                }
              }
            });
    return opening;
  }

  private synchronized void lost(long number) {
    if (number == lastNumber) {
      current = null;
      routes = null;
    }
  }

  synchronized boolean isClosed() {
    return isClosed;
  }

  long nanoTime() {
    return Clock.SYSTEM.nanoTime();
  }

  long delayNanos(int attempt) {
    return Backoff.STANDARD.delayNanos(attempt, ThreadLocalRandom.current());
  }

  /// Runs a task after a while, unless the client is closed.
  boolean later(Runnable task, long delayNanos) {
    if (isClosed()) {
      return false;
    }
    CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS).execute(task);
    return true;
  }

  /// Closes the connection; calls that wait fail.
  @Override
  public void close() {
    CompletableFuture<WireStream> last;
    synchronized (this) {
      isClosed = true;
      last = current;
    }
    if (last != null) {
      var _ = last.thenAccept(stream -> stream.connection().close());
    }
  }

  /// The next call opens another connection.
  ///
  /// @return the stream that is left, null when it was already
  private synchronized @Nullable CompletableFuture<WireStream> leave(long number) {
    CompletableFuture<WireStream> left = number == lastNumber ? current : null;
    lost(number);
    return left;
  }

  /// Goes elsewhere when the peer is draining: new calls on a new connection, while those under way
  /// are answered on the old one, which then ends.
  private final class Leaving implements ConnectionHandler {
    private final long number;

    Leaving(long number) {
      this.number = number;
    }

    @Override
    public void onDraining(WireConnection connection, Duration grace) {
      CompletableFuture<WireStream> left = leave(number);
      if (left != null) {
        var _ = left.thenAccept(WireStream::end);
      }
    }
  }

  /// The stream of calls: its end makes room for the next one.
  private final class Calls implements StreamHandler {
    private final long number;

    Calls(long number) {
      this.number = number;
    }

    @Override
    public void onMessage(WireStream stream, MessageView message) {
      // A store sends nothing here that was not asked for; what a later version may is ignored.
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
      lost(number);
      stream.connection().close();
    }
  }
}
