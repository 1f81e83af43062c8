package dev.weir.broker;

import dev.weir.base.WeirException;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.Publishers;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import dev.weir.message.StoredLane;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// What everything in front of the core programs against: publish with a receipt, subscribe with
/// credit. Any thread may call any method.
public interface Broker extends AutoCloseable {
  /// Takes a batch for storing. Never blocks; walks through the decompressed batch once to judge
  /// it.
  ///
  /// The listener is told once, on the engine's thread or before this returns: `stored` after the
  /// batch is durable, or `failed`. A batch that can never be stored ([PublishFault#isFinal])
  /// counts as passed on its lane: the next sequence may follow. After any other failure the lane
  /// stays before it.
  ///
  /// @return false when there is no room now: nothing happened, [#onRoom] tells when to try again
  boolean offer(PublishRequest request, PublishListener listener);

  /// Publishes one message; waits for room within a bounded queue.
  ///
  /// @return its receipt once it is durable; fails with a [WeirException]: OVERLOADED when the
  ///   queue is full too, or why the message cannot be stored
  CompletionStage<Receipt> publish(Message message);

  /// Publishes messages side by side, in order: as [#publish] for each, with fewer appends.
  ///
  /// @param listener told of each message
  void publishEach(List<Message> messages, ReceiptsListener listener);

  /// Publishes messages of one topic together: after a crash, and for every subscription from any
  /// start, there are all or none. Waits for room as [#publish] does. Messages whose id is stored
  /// already are not stored again.
  ///
  /// Of a stream with several partitions all go to one: to that of their key when they share one.
  ///
  /// @param messages 1 to 1,000, together at most 16 MiB
  /// @return the receipt of the first, which the others follow; fails as [#publish], with TOO_LARGE
  ///   when they do not fit into one batch
  CompletionStage<Receipt> publishTogether(List<Message> messages);

  /// Registers a callback for the time after an offer was refused for want of room. It runs on a
  /// thread of the engine or the broker: it must be quick. Called for every such time, until the
  /// broker closes.
  void onRoom(Runnable callback);

  /// The last sequence of the lane that is stored, 0 for none.
  long durableSequence(BatchSource source, int lane);

  /// A sender resumes a lane: its next frame is the one behind what is stored here or, where it
  /// holds nothing that old any more, `firstSequence`. It leaves a gap when it sent to another core
  /// in between, when this store forgot the lane, or lost data: the gap is counted.
  ///
  /// @return how the lane stands, once everything of it that was offered before has its outcome: so
  ///   that nothing of an older session is still under way when the sender compares
  CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence);

  /// Opens a subscription, on a thread of its own. What is wrong with it is told to the subscriber.
  ///
  /// @throws WeirException with OVERLOADED when there are as many as may be, or the broker is
  ///   closed
  Subscription subscribe(SubscriptionRequest request, Subscriber subscriber);

  /// The queues, whose messages go to one consumer each.
  Queues queues();

  /// Requests and their replies.
  Requests requests();

  /// Who is there.
  Presence presence();

  /// What was published since the core started, by topic.
  TopicListing topics(TopicFilter filter, int limit);

  /// The last messages of topics that asked to be kept, in the order of their topics. Reads the
  /// disk and may wait: not within an event loop.
  ///
  /// @param after the topic to go on behind; empty for the first page
  /// @param limit 1 to 1,000; fewer come when they are large
  /// @throws IOException when the disk refuses
  RetainedPage retained(TopicFilter filter, String after, int limit)
      throws IOException, InterruptedException;

  /// The compression dictionaries that senders may use.
  DictionaryShelf dictionaries();

  BrokerStats stats();

  /// Where doors tell what is published on.
  Publishers publishers();

  /// Why messages were or were not delivered.
  Explanations explanations();

  /// Why nothing can be stored at present (the disk failed or is full); none in a healthy core.
  Optional<WeirException> fault();

  /// Ends the subscriptions, waits for what was offered to become durable, closes the engine.
  /// Idempotent, never throws.
  @Override
  void close();
}
