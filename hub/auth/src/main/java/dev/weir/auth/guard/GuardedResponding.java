package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Requests;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;

/// Somebody who answers requests, and is cut once it may not any more: what it has in hand is told
/// to its askers as lost, and its replies come to nothing. Any thread.
final class GuardedResponding implements Responding, Responder {
  private final OpenUse<Responding> use;
  private final Responder responder;

  private GuardedResponding(Session session, TopicFilter filter, Responder responder) {
    this.responder = responder;
    this.use =
        new OpenUse<>(
            session,
            () -> session.require(Action.CONSUME, filter),
            Responding::close,
            responder::ended);
  }

  static Responding open(
      Requests requests, Session session, TopicFilter filter, int capacity, Responder responder) {
    GuardedResponding guarded = new GuardedResponding(session, filter, responder);
    guarded.use.open(() -> requests.respond(filter, capacity, guarded));
    session.auditAllowed(Action.CONSUME, filter.toString());
    return guarded;
  }

  @Override
  public String origin() {
    return responder.origin();
  }

  /// Askers hand over on their own threads, several at a time: not through the gate. One that comes
  /// while it is being cut is lost with the others.
  @Override
  public void deliver(IncomingRequest request) {
    if (!use.isOver()) {
      responder.deliver(request);
    }
  }

  @Override
  public void ended(WeirException cause) {
    use.ended(() -> responder.ended(cause));
  }

  @Override
  public void capacity(int requests) {
    use.inner().capacity(requests);
  }

  @Override
  public int inHand() {
    return use.inner().inHand();
  }

  @Override
  public boolean reply(long number, Message reply) {
    return !use.isOver() && use.inner().reply(number, reply);
  }

  @Override
  public boolean fail(long number, String detail) {
    return !use.isOver() && use.inner().fail(number, detail);
  }

  @Override
  public void close() {
    use.close();
  }
}
