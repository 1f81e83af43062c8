package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.auth.Standing;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Requests;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Somebody who answers requests, and is cut once it may not any more: what it has in hand is told
/// to its askers as lost, and its replies come to nothing. Any thread.
final class GuardedResponding implements Responding, Responder, Standing {
  private final Session session;
  private final TopicFilter filter;
  private final Responder responder;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private volatile @Nullable Responding inner;

  private GuardedResponding(Session session, TopicFilter filter, Responder responder) {
    this.session = session;
    this.filter = filter;
    this.responder = responder;
  }

  static Responding open(
      Requests requests, Session session, TopicFilter filter, int capacity, Responder responder) {
    session.require(Action.CONSUME, filter);
    GuardedResponding guarded = new GuardedResponding(session, filter, responder);
    session.open(guarded);
    boolean isOpen = false;
    try {
      Responding inner = requests.respond(filter, capacity, guarded);
      guarded.inner = inner;
      isOpen = true;
      if (guarded.isOver.get()) {
        inner.close(); // Cut while it was being opened.
      }
    } finally {
      if (!isOpen) {
        session.closed(guarded);
      }
    }
    session.auditAllowed(Action.CONSUME, filter.toString());
    return guarded;
  }

  @Override
  public void recheck() {
    try {
      session.require(Action.CONSUME, filter);
    } catch (WeirException e) {
      end(e);
    }
  }

  @Override
  public void end(WeirException cause) {
    if (isOver.compareAndSet(false, true)) {
      over();
      responder.ended(cause);
    }
  }

  private void over() {
    session.closed(this);
    Responding open = inner;
    if (open != null) {
      open.close();
    }
  }

  /// One that comes while it is being cut is lost with the others.
  @Override
  public void deliver(IncomingRequest request) {
    if (!isOver.get()) {
      responder.deliver(request);
    }
  }

  @Override
  public void ended(WeirException cause) {
    if (isOver.compareAndSet(false, true)) {
      session.closed(this);
      responder.ended(cause);
    }
  }

  private Responding inner() {
    Responding open = inner;
    if (open == null) {
      throw new WeirException(ErrorCode.BUG, "Somebody answers before it is open.");
    }
    return open;
  }

  @Override
  public void capacity(int requests) {
    inner().capacity(requests);
  }

  @Override
  public int inHand() {
    return inner().inHand();
  }

  @Override
  public boolean reply(long number, Message reply) {
    return !isOver.get() && inner().reply(number, reply);
  }

  @Override
  public boolean fail(long number, String detail) {
    return !isOver.get() && inner().fail(number, detail);
  }

  @Override
  public void close() {
    if (isOver.compareAndSet(false, true)) {
      over();
    }
  }
}
