package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.testkit.Eventually;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Keeps what a subscription delivers.
final class Recorder implements Subscriber {
  record GapSeen(Position from, long toOffset, GapReason reason) {}

  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<Long> offsets = new CopyOnWriteArrayList<>();
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final List<GapSeen> gaps = new CopyOnWriteArrayList<>();
  private volatile @Nullable Cursor openedAt;
  private volatile @Nullable Cursor end;
  private volatile @Nullable WeirException failure;
  private volatile @Nullable Subscription subscription;

  @Override
  public void opened(Cursor cursor) {
    openedAt = cursor;
  }

  @Override
  public void deliver(Delivery delivery) {
    List<Message> decoded = delivery.messages();
    for (int i = 0; i < decoded.size(); i++) {
      offsets.add(delivery.offset(i));
      messages.add(decoded.get(i));
    }
    deliveries.add(delivery);
  }

  @Override
  public void gap(Position from, long toOffset, GapReason reason) {
    gaps.add(new GapSeen(from, toOffset, reason));
  }

  @Override
  public void endReached(Cursor cursor) {
    end = cursor;
  }

  @Override
  public void failed(WeirException cause) {
    failure = cause;
  }

  void subscription(Subscription opened) {
    subscription = opened;
  }

  Subscription subscription() {
    return known("a subscription", subscription);
  }

  Cursor awaitOpen() {
    Eventually.eventually("it is open", () -> openedAt != null || failure != null);
    return known("open", openedAt);
  }

  Cursor awaitEnd() {
    Eventually.eventually("the end", () -> end != null || failure != null);
    return known("end", end);
  }

  WeirException awaitFailure() {
    Eventually.eventually("a failure", () -> failure != null);
    return known("failure", failure);
  }

  Recorder awaitMessages(int count) {
    Eventually.eventually(
        count + " messages, there are " + messages.size(), () -> messages.size() >= count);
    return this;
  }

  private <T> T known(String what, @Nullable T value) {
    if (value == null) {
      throw new AssertionError("no " + what, failure);
    }
    return value;
  }

  List<String> bodies() {
    return messages.stream().map(message -> message.body().utf8()).toList();
  }

  List<Message> messages() {
    return messages;
  }

  List<Long> offsets() {
    return offsets;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  List<GapSeen> gaps() {
    return gaps;
  }
}
