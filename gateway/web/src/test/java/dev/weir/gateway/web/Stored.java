package dev.weir.gateway.web;

import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.Subscriber;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Reads what a broker has stored.
final class Stored implements Subscriber {
  private final List<Message> messages = new ArrayList<>();
  private final CompletableFuture<List<Message>> all = new CompletableFuture<>();

  static List<Message> read(Broker broker, SubscriptionRequest request) {
    Stored stored = new Stored();
    Subscription subscription = broker.subscribe(request.endingAtTail(), stored);
    subscription.grant(Long.MAX_VALUE);
    return stored.all.join();
  }

  @Override
  public void opened(Cursor cursor) {}

  @Override
  public void deliver(Delivery delivery) {
    messages.addAll(delivery.messages());
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) {}

  @Override
  public void endReached(Cursor cursor) {
    all.complete(messages);
  }

  @Override
  public void failed(WeirException cause) {
    all.completeExceptionally(cause);
  }
}
