package dev.weir.kv;

import dev.weir.base.WeirException;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.Offer;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// One watch: its first message says what is watched, then events go out as the client takes them.
///
/// Messages come on the connection's event loop; a virtual thread of its own reads events and sends
/// them, and waits for news, for room, or for the end.
final class WatchStream implements StreamHandler {
  private final KvStore store;
  private final KvRights rights;

  /// Has a permit when the thread should look again.
  private final Semaphore news = new Semaphore(0);

  private volatile boolean isOver;
  private boolean isBegun;
  private Runnable over = () -> {};

  WatchStream(KvStore store, KvRights rights) {
    this.store = store;
    this.rights = rights;
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    if (isBegun) {
      stream.abort(WireStatus.of(StatusCode.INVALID_ARGUMENT, "A watch takes one request."));
      return;
    }
    isBegun = true;
    try {
      KvRequest request =
          KvCodec.decodeRequest(message.buffer(), message.bodyIndex(), message.bodyBytes());
      if (!(request instanceof KvRequest.Watch watch)) {
        stream.abort(WireStatus.of(StatusCode.INVALID_ARGUMENT, "Not a watch."));
        return;
      }
      rights.require(watch);
      over = rights.watching(watch, why -> stream.abort(KvStatus.of(why)));
      KvWatch events = store.watch(watch.bucket(), watch.key(), watch.afterRevision(), this::wake);
      Thread.ofVirtual().name("weir-kv-watch").start(() -> run(stream, events));
    } catch (WeirException e) {
      stream.abort(KvStatus.of(e));
    }
  }

  private void run(WireStream stream, KvWatch events) {
    try (events) {
      @Nullable ByteBuf refused = null;
      while (!isOver) {
        if (refused == null) {
          KvEvent event = stream.isReady() ? events.next() : null;
          if (event == null) {
            pause();
            continue;
          }
          refused = stream.connection().allocator().buffer();
          KvCodec.encode(event, refused);
        }
        if (stream.send(refused) != Offer.REFUSED) {
          refused = null;
        } else {
          pause();
        }
      }
      if (refused != null) {
        refused.release();
      }
    } catch (WeirException e) {
      stream.abort(KvStatus.of(e));
    }
  }

  /// Any thread. One permit is enough, however much happened.
  private void wake() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  private void pause() {
    news.acquireUninterruptibly();
    news.drainPermits();
  }

  @Override
  public void onReady(WireStream stream) {
    wake();
  }

  @Override
  public void onEnd(WireStream stream) {
    stream.finish(WireStatus.OK, Metadata.EMPTY);
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    isOver = true;
    over.run();
    wake();
  }
}
