package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.WeirException;
import dev.weir.testkit.Eventually;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/// A consumer that keeps what it gets.
final class Taker implements QueueConsumer, AutoCloseable {
  private final List<QueuedMessage> messages = new CopyOnWriteArrayList<>();
  private final List<WeirException> endings = new CopyOnWriteArrayList<>();
  private final Consumption consumption;

  private Taker(Core core, String queue, int prefetch) {
    this.consumption = core.broker.queues().consume(queue, prefetch, this);
  }

  static Taker at(Core core, String queue, int prefetch) {
    return new Taker(core, queue, prefetch);
  }

  @Override
  public void deliver(QueuedMessage message) {
    messages.add(message);
  }

  @Override
  public void ended(WeirException cause) {
    endings.add(cause);
  }

  QueuedMessage message(int index) {
    return messages.get(index);
  }

  void ack(QueuedMessage message) {
    join(consumption.ack(message));
  }

  void nack(QueuedMessage message) {
    join(consumption.nack(message));
  }

  void reject(QueuedMessage message) {
    join(consumption.reject(message));
  }

  Settlements settle(Settling... settlings) {
    return consumption.settle(List.of(settlings));
  }

  private static void join(CompletionStage<Void> stage) {
    stage.toCompletableFuture().join();
  }

  void awaitCount(int count) {
    Eventually.eventuallyPasses(
        "a consumer's messages", () -> assertThat(messages).hasSizeGreaterThanOrEqualTo(count));
  }

  void awaitBodies(String... bodies) {
    Eventually.eventuallyPasses(
        "a consumer's messages",
        () ->
            assertThat(messages.stream().map(each -> each.message().body().utf8()))
                .containsExactly(bodies));
  }

  List<String> bodies() {
    return messages.stream().map(each -> each.message().body().utf8()).toList();
  }

  void awaitBody(String body) {
    Eventually.eventuallyPasses("a consumer's messages", () -> assertThat(bodies()).contains(body));
  }

  void awaitEnded() {
    Eventually.eventuallyPasses("a consumer's messages", () -> assertThat(endings).hasSize(1));
  }

  @Override
  public void close() {
    consumption.close();
  }
}
