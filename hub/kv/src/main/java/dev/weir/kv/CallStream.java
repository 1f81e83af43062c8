package dev.weir.kv;

import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// One client's calls. Credit is given back with each answer, so that what a client has under way
/// in the store is at most a window.
///
/// Requests come on the connection's event loop; answers are sent by whichever thread has them, the
/// log's for writes.
final class CallStream implements StreamHandler {
  private final KvStore store;
  private final KvRights rights;
  private final KvPlaces places;

  /// Calls that have no answer yet, and one for the client's side of the stream while that is open.
  private final AtomicInteger open = new AtomicInteger(1);

  CallStream(KvStore store, KvRights rights, KvPlaces places) {
    this.store = store;
    this.rights = rights;
    this.places = places;
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    int mid = message.mid();
    long credit = message.creditBytes();
    if (!message.isCall()) {
      stream.consumed(credit);
      return;
    }
    open.incrementAndGet();
    try {
      KvRequest request =
          KvCodec.decodeRequest(message.buffer(), message.bodyIndex(), message.bodyBytes());
      rights.require(request);
      places.require(request);
      serve(stream, mid, credit, request);
    } catch (WeirException e) {
      fail(stream, mid, credit, e);
    }
  }

  private void serve(WireStream stream, int mid, long credit, KvRequest request) {
    switch (request) {
      case KvRequest.Get get ->
          answer(
              stream,
              mid,
              credit,
              store.get(get.bucket(), get.key(), get.revision()),
              (entry, out) -> KvCodec.encode(entry, out));
      case KvRequest.Put put ->
          paced(stream, mid, credit, put, put.value().length(), () -> put(put));
      case KvRequest.Delete delete ->
          paced(
              stream,
              mid,
              credit,
              delete,
              0,
              () -> store.delete(delete.bucket(), delete.key(), delete.expected()));
      case KvRequest.History history ->
          answer(
              stream,
              mid,
              credit,
              CompletableFuture.completedFuture(store.history(history.bucket(), history.key())),
              (heads, out) -> KvCodec.encode(heads, out));
      case KvRequest.Keys keys ->
          answer(
              stream,
              mid,
              credit,
              CompletableFuture.completedFuture(
                  store.keys(
                      keys.bucket(), keys.key(), keys.after(), Math.clamp(keys.max(), 1, 10_000))),
              (heads, out) -> KvCodec.encode(heads, out));
      case KvRequest.Configure(String bucket, BucketConfig config) ->
          written(stream, mid, credit, store.configure(bucket, config));
      case KvRequest.Watch _ -> {
        stream.reply(
            mid, WireStatus.of(StatusCode.INVALID_ARGUMENT, "Open a stream kv/watch to watch."));
        done(stream, credit);
      }
    }
  }

  /// A write that may have had to wait is asked about once more.
  private void paced(
      WireStream stream,
      int mid,
      long credit,
      KvRequest request,
      long valueBytes,
      Supplier<CompletableFuture<WriteResult>> write) {
    rights.pace(
        request.key().length() + valueBytes,
        () -> {
          try {
            rights.require(request);
            places.require(request);
            written(stream, mid, credit, write.get());
          } catch (WeirException e) {
            fail(stream, mid, credit, e);
          }
        });
  }

  private CompletableFuture<WriteResult> put(KvRequest.Put put) {
    Optional<Duration> ttl =
        put.ttlMillis() < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(put.ttlMillis()));
    return store.put(put.bucket(), put.key(), put.value(), put.expected(), ttl);
  }

  private void written(
      WireStream stream, int mid, long credit, CompletableFuture<WriteResult> result) {
    answer(stream, mid, credit, result, (written, out) -> KvCodec.encode(written, out));
  }

  private <T> void answer(
      WireStream stream,
      int mid,
      long credit,
      CompletableFuture<T> result,
      BiConsumer<T, ByteBuf> encoder) {
    var _ =
        result.whenComplete((value, failure) -> {
          if (failure != null) {
            fail(stream, mid, credit, failure);
            return;
          }
          ByteBuf out = stream.connection().allocator().buffer();
          encoder.accept(value, out);
          reply(stream, mid, out);
          done(stream, credit);
        });
  }

  /// An answer that the connection has no room for is given up with a status, which it always has.
  private static void reply(WireStream stream, int mid, ByteBuf out) {
    switch (stream.reply(mid, out)) {
      case TAKEN, QUEUED, CLOSED -> {}
      case REFUSED -> {
        out.release();
        stream.reply(
            mid,
            new WireStatus(
                StatusCode.RESOURCE_EXHAUSTED, true, false, "The client reads too slowly."));
      }
    }
  }

  private void fail(WireStream stream, int mid, long credit, Throwable failure) {
    stream.reply(mid, KvStatus.of(failure));
    done(stream, credit);
  }

  /// A call has its answer.
  private void done(WireStream stream, long credit) {
    stream.consumed(credit);
    endIfDone(stream);
  }

  /// The client makes no more calls: the stream ends with the last answer.
  @Override
  public void onEnd(WireStream stream) {
    endIfDone(stream);
  }

  private void endIfDone(WireStream stream) {
    if (open.decrementAndGet() == 0) {
      stream.end();
    }
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
}
