package dev.weir.broker.request;

import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.broker.explain.ResponderTrace;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;

/// Somebody who answers requests of this process. The counts are guarded by the lock of
/// [LocalRequests].
final class LocalResponding implements Responding {
  private final LocalRequests requests;
  private final TopicFilter filter;
  private final Responder responder;
  private int capacity;
  private int inHand;

  LocalResponding(LocalRequests requests, TopicFilter filter, int capacity, Responder responder) {
    this.requests = requests;
    this.filter = filter;
    this.capacity = capacity;
    this.responder = responder;
  }

  TopicFilter filter() {
    return filter;
  }

  Responder responder() {
    return responder;
  }

  /// How it stands now.
  ResponderTrace trace() {
    return new ResponderTrace(filter.toString(), capacity, inHand);
  }

  boolean hasRoom() {
    return inHand < capacity;
  }

  int count() {
    return inHand;
  }

  void takes() {
    inHand++;
  }

  void isRid() {
    inHand--;
  }

  void allow(int newCapacity) {
    capacity = newCapacity;
  }

  @Override
  public void capacity(int newCapacity) {
    requests.capacity(this, newCapacity);
  }

  @Override
  public int inHand() {
    return requests.inHand(this);
  }

  @Override
  public boolean reply(long number, Message reply) {
    return requests.reply(this, number, reply);
  }

  @Override
  public boolean fail(long number, String detail) {
    return requests.fail(this, number, detail);
  }

  @Override
  public void close() {
    requests.leave(this);
  }
}
