package dev.weir.node;

import dev.weir.auth.Action;
import dev.weir.auth.Rule;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.WeirException;
import dev.weir.kv.KvRequest;
import dev.weir.kv.KvRights;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/// Buckets as one stream's session may use them.
///
/// | what | needs, on the bucket |
/// |---|---|
/// | get, list keys, watch | subscribe; a watch counts as a subscription |
/// | get an older revision, history of a key | history |
/// | put, delete | publish; held to the user's publishing rates |
/// | configure | manage |
///
/// Any thread.
final class BucketRights implements KvRights {
  private final Session session;

  // Guarded by this object's monitor, which is held for no work. The first is being run or waits
  // for its time; the others wait behind it.
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean isPuttingOff;

  private record Waiting(long bytes, Runnable write) {}

  BucketRights(Session session) {
    this.session = session;
  }

  @Override
  public void require(KvRequest request) {
    Action action = action(request);
    String topic = Rule.bucketPattern(request.bucket());
    session.require(action, topic);
    if (action == Action.MANAGE) {
      session.auditAllowed(action, topic);
    }
  }

  private static Action action(KvRequest request) {
    return switch (request) {
      case KvRequest.Get get -> get.revision() == 0 ? Action.SUBSCRIBE : Action.HISTORY;
      case KvRequest.Keys _, KvRequest.Watch _ -> Action.SUBSCRIBE;
      case KvRequest.History _ -> Action.HISTORY;
      case KvRequest.Put _, KvRequest.Delete _ -> Action.PUBLISH;
      case KvRequest.Configure _ -> Action.MANAGE;
    };
  }

  @Override
  public void pace(long bytes, Runnable write) {
    synchronized (this) {
      long waitNanos = waiting.isEmpty() ? session.pace(1, bytes) : 0;
      if (waitNanos > 0 || !waiting.isEmpty()) {
        waiting.add(new Waiting(bytes, write));
        putOff(waitNanos);
        return;
      }
    }
    write.run();
  }

  private void putOff(long waitNanos) {
    if (waitNanos > 0) {
      isPuttingOff = true;
      session.later(waitNanos, this::goOn);
      isPuttingOff = false;
    }
  }

  private void goOn() {
    while (true) {
      Waiting next;
      synchronized (this) {
        next = waiting.peek();
        if (next == null) {
          return;
        }
        // Run at once by who puts it off, the node is closing: the write finds out itself.
        long waitNanos = isPuttingOff ? 0 : session.pace(1, next.bytes());
        if (waitNanos > 0) {
          putOff(waitNanos);
          return;
        }
      }
      next.write().run();
      synchronized (this) {
        waiting.remove();
      }
    }
  }

  @Override
  public Runnable watching(KvRequest.Watch watch, Consumer<WeirException> end) {
    String topic = Rule.bucketPattern(watch.bucket());
    Standing standing =
        new Standing() {
          @Override
          public void recheck() {
            try {
              session.require(Action.SUBSCRIBE, topic);
            } catch (WeirException e) {
              end.accept(e);
            }
          }

          @Override
          public void end(WeirException cause) {
            end.accept(cause);
          }
        };
    session.open(standing);
    session.auditAllowed(Action.SUBSCRIBE, topic);
    return () -> session.closed(standing);
  }
}
