package dev.weir.broker.direct;

import dev.weir.base.WeirException;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.Subscriber;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a queue what is published for it. Runs on its subscription's thread.
final class QueueFeed implements Subscriber {
  private static final Logger LOG = LoggerFactory.getLogger(QueueFeed.class);

  private static final int MAX_SWIFT_BYTES = 64 << 10;

  private final QueueHost host;
  private final DurableQueue queue;

  QueueFeed(QueueHost host, DurableQueue queue) {
    this.host = host;
    this.queue = queue;
  }

  @Override
  public String origin() {
    return "queue " + queue.spec().name();
  }

  @Override
  public boolean isInternal() {
    return true;
  }

  /// What is larger takes long to decode.
  @Override
  public boolean isReadyFor(int bytes) {
    return bytes <= MAX_SWIFT_BYTES;
  }

  @Override
  public void opened(Cursor cursor) {}

  @Override
  public void deliver(Delivery delivery) {
    List<Message> messages;
    try {
      messages = delivery.messages();
    } catch (WeirException e) {
      LOG.warn("a batch for queue {}: {}", queue.spec().name(), e.explanation());
      gap(delivery.base(), delivery.nextOffset(), GapReason.DAMAGE);
      return;
    }
    host.lock.lock();
    try {
      queue.arrived(delivery, messages);
    } finally {
      host.lock.unlock();
    }
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) {
    host.lock.lock();
    try {
      queue.passed(from, toOffset);
    } finally {
      host.lock.unlock();
    }
  }

  @Override
  public void endReached(Cursor cursor) {}

  @Override
  public void failed(WeirException cause) {
    host.lock.lock();
    try {
      if (!queue.isClosed()) {
        LOG.warn("queue {} is to be fed again: {}", queue.spec().name(), cause.explanation());
        queue.unfed();
      }
    } finally {
      host.lock.unlock();
    }
  }
}
