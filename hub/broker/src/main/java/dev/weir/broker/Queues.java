package dev.weir.broker;

import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The queues of a broker: each message goes to one consumer, who acks it. Any thread may call any
/// method. An unknown name fails with a [dev.weir.base.WeirException] QUEUE_UNKNOWN.
public interface Queues {
  /// As [#create(QueueSpec, Start)], for what is published from now on.
  default CompletionStage<Void> create(QueueSpec spec) {
    return create(spec, new Start.Live());
  }

  /// Creates a queue. Reads the disk where it begins elsewhere than live.
  ///
  /// @param start where in the history of its filters it begins; without meaning for one that is
  ///   there already
  ///
  /// @return completes once it is durable; also when the same queue is there already; fails with
  ///   QUEUE_EXISTS when one of this name has other settings
  CompletionStage<Void> create(QueueSpec spec, Start start);

  /// Deletes a queue with everything in it; its consumers end.
  default CompletionStage<Void> delete(String name) {
    return delete(name, false).thenAccept(_ -> {});
  }

  /// Deletes a queue.
  ///
  /// @param onlyEmpty fail with QUEUE_NOT_EMPTY while it holds messages
  /// @return how many messages went with it, once that is durable
  CompletionStage<Long> delete(String name, boolean onlyEmpty);

  /// All of them, by name.
  List<QueueDetails> list();

  QueueDetails details(String name);

  /// Puts a message into one queue; its topic becomes the queue's own.
  ///
  /// @return fails with OVERLOADED when the queue is at its length and refuses
  CompletionStage<Receipt> publish(String name, Message message);

  /// Consumes.
  ///
  /// @param prefetch how many messages the consumer may hold, 0 or more
  Consumption consume(String name, int prefetch, QueueConsumer consumer);

  /// The next messages, without taking them. Reads the disk. Fewer come when together they are
  /// larger than 32 MiB.
  ///
  /// @param max 1 to 1,000
  List<QueuedMessage> peek(String name, int max) throws IOException;

  /// Takes out everything that nobody holds.
  ///
  /// @return how many messages went, once that is durable
  CompletionStage<Long> purge(String name);

  /// Moves messages that nobody holds to another queue, where they count as never delivered: dead
  /// letters back to where they came from.
  ///
  /// @param max how many at most, 1 to 1,000,000
  /// @return how many went, once that is durable
  CompletionStage<Long> redrive(String from, String to, int max);

  /// Moves dead letters that nobody holds each to the queue that gave it up, where they count as
  /// never delivered. What came another way, or from a queue that is deleted, stays.
  ///
  /// @param max how many are looked at, 1 to 1,000,000
  /// @return how many went, once that is durable
  CompletionStage<Long> redrive(String from, int max);
}
