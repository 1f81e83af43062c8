package dev.weir.auth.guard;

import dev.weir.auth.Action;
import dev.weir.auth.Rule;
import dev.weir.auth.Session;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueConsumer;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueueSpec;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.broker.Start;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// Queues as one session may use them.
///
/// | what | needs |
/// |---|---|
/// | create | manage on the queue and its dead-letter queue; subscribe on what it is bound to, and history, unless it begins live |
/// | delete, purge | manage on it |
/// | redrive to a queue | manage on both |
/// | redrive to where each came from | manage on every queue, since any may be meant |
/// | publish | publish on it |
/// | consume, peek | consume on it |
/// | list, details | manage or consume on it; a listing leaves the others out |
///
/// Any thread.
final class AuthorizedQueues implements Queues {
  private static final TopicFilter ANY_QUEUE = TopicFilter.parse(Rule.queuePattern("#"));

  private final Queues queues;
  private final Session session;
  private final PacedPublishes paced;

  AuthorizedQueues(Queues queues, Session session, PacedPublishes paced) {
    this.queues = queues;
    this.session = session;
    this.paced = paced;
  }

  private static <T> CompletionStage<T> checked(
      Runnable check, Supplier<CompletionStage<T>> allowed) {
    try {
      check.run();
    } catch (WeirException e) {
      return CompletableFuture.failedStage(e);
    }
    return allowed.get();
  }

  private void require(Action action, String name) {
    session.require(action, Rule.queuePattern(name));
  }

  private void manage(String name) {
    require(Action.MANAGE, name);
    session.auditAllowed(Action.MANAGE, Rule.queuePattern(name));
  }

  @Override
  public CompletionStage<Void> create(QueueSpec spec, Start start) {
    return checked(
        () -> {
          manage(spec.name());
          spec.deadLetter().ifPresent(this::manage);
          // A queue hands out what its filters match: nobody may read through one what is closed.
          spec.filters().forEach(filter -> session.require(Action.SUBSCRIBE, filter));
          if (!(start instanceof Start.Live)) {
            spec.filters().forEach(filter -> session.require(Action.HISTORY, filter));
          }
        },
        () -> queues.create(spec, start));
  }

  @Override
  public CompletionStage<Long> delete(String name, boolean onlyEmpty) {
    return checked(() -> manage(name), () -> queues.delete(name, onlyEmpty));
  }

  @Override
  public List<QueueDetails> list() {
    return queues.list().stream().filter(queue -> isSeen(queue.spec().name())).toList();
  }

  private boolean isSeen(String name) {
    String topic = Rule.queuePattern(name);
    return session.allows(Action.MANAGE, topic) || session.allows(Action.CONSUME, topic);
  }

  @Override
  public QueueDetails details(String name) {
    if (!isSeen(name)) {
      require(Action.MANAGE, name);
    }
    return queues.details(name);
  }

  @Override
  public CompletionStage<Receipt> publish(String name, Message message) {
    return checked(
        () -> require(Action.PUBLISH, name),
        () -> paced.publish(List.of(message), () -> queues.publish(name, message)));
  }

  @Override
  public Consumption consume(String name, int prefetch, QueueConsumer consumer) {
    return GuardedConsumption.open(
        queues, session, name, Rule.queuePattern(name), prefetch, consumer);
  }

  @Override
  public List<QueuedMessage> peek(String name, int max) throws IOException {
    require(Action.CONSUME, name);
    return queues.peek(name, max);
  }

  @Override
  public CompletionStage<Long> purge(String name) {
    return checked(() -> manage(name), () -> queues.purge(name));
  }

  @Override
  public CompletionStage<Long> redrive(String from, String to, int max) {
    return checked(
        () -> {
          manage(from);
          manage(to);
        },
        () -> queues.redrive(from, to, max));
  }

  @Override
  public CompletionStage<Long> redrive(String from, int max) {
    return checked(
        () -> {
          manage(from);
          session.require(Action.MANAGE, ANY_QUEUE);
        },
        () -> queues.redrive(from, max));
  }
}
