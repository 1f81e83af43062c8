package dev.weir.gateway.grpc;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.auth.guard.PublishRights;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.LinkDictionaries;
import dev.weir.link.LinkStore;
import dev.weir.link.StoreListener;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.StoredLane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store as one stream's client may use it. A frame that is not permitted is not stored and its
/// lane waits before it, so that nothing of a spool is lost to a permission that was forgotten. A
/// quota that is used up is no room for now, which stops the stream being read.
///
/// The one that servers hold serves no stream itself; what it opens belongs to a stream's loop.
final class GuardedLinkStore implements LinkStore {
  private final LinkStore store;
  private final Supplier<@Nullable Session> current;
  private final @Nullable Session session;
  private volatile long waitNanos;

  GuardedLinkStore(LinkStore store, Supplier<@Nullable Session> current) {
    this(store, current, null);
  }

  private GuardedLinkStore(
      LinkStore store, Supplier<@Nullable Session> current, @Nullable Session session) {
    this.store = store;
    this.current = current;
    this.session = session;
  }

  @Override
  public LinkStore opened() {
    return new GuardedLinkStore(store.opened(), current, current.get());
  }

  private Session session() {
    if (session == null) {
      throw new WeirException(ErrorCode.CREDENTIALS_MISSING, "The stream was let in by nobody.");
    }
    return session;
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstUnacked) {
    try {
      session().requireAny(Action.PUBLISH);
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return store.resumeLane(source, lane, firstUnacked);
  }

  @Override
  public boolean offer(
      BatchSource source,
      int lane,
      long sequence,
      int crc32c,
      Batch batch,
      StoreListener listener) {
    try {
      PublishRights.require(session(), batch, true);
    } catch (WeirException e) {
      listener.failed(e);
      return true;
    }
    return paced(
        batch.count(),
        batch.weight(),
        () -> store.offer(source, lane, sequence, crc32c, batch, listener));
  }

  @Override
  public boolean offer(Message message, StoreListener listener) {
    try {
      session().require(Action.PUBLISH, message.topic());
    } catch (WeirException e) {
      listener.failed(e);
      return true;
    }
    return paced(1, message.body().length(), () -> store.offer(message, listener));
  }

  private boolean paced(int messages, long bytes, Supplier<Boolean> offering) {
    waitNanos = session().pace(messages, bytes);
    if (waitNanos > 0) {
      return false;
    }
    boolean isTaken = offering.get();
    if (!isTaken) {
      session().giveBack(messages, bytes);
    }
    return isTaken;
  }

  @Override
  public void closed() {
    store.closed();
  }

  @Override
  public LinkDictionaries dictionaries() {
    return store.dictionaries();
  }

  @Override
  public void onEnded(Consumer<WeirException> callback) {
    if (session == null) {
      callback.accept(
          new WeirException(ErrorCode.CREDENTIALS_MISSING, "The stream was let in by nobody."));
      return;
    }
    session.watch(
        new Standing() {
          @Override
          public void recheck() {
            // Each frame is judged as it comes.
          }

          @Override
          public void end(WeirException cause) {
            callback.accept(cause);
          }
        });
  }

  @Override
  public void onRoom(Runnable retry) {
    long wait = waitNanos;
    if (wait > 0) {
      session().later(wait, retry);
    } else {
      store.onRoom(retry);
    }
  }
}
