package dev.weir.broker;

import java.util.List;

/// The broker's figures at one moment; counters count since it was opened.
///
/// @param storedBatches made durable
/// @param storedMessages in them
/// @param storedBytes headers and payloads of them
/// @param refusedBatches that can never be stored
/// @param failedBatches that the engine could not store; their senders send them again
/// @param deliveredMessages to all subscriptions
/// @param gaps told to subscriptions
/// @param failedSubscribers whose own code threw
/// @param retainedTopics that have a retained message
/// @param refusedRetained batches refused because too many topics have one
/// @param slow what slow consumers cost
/// @param requests of requests and replies
/// @param presence of who is there
/// @param engine of the engine
/// @param subscriptions the open ones
public record BrokerStats(
    long storedBatches,
    long storedMessages,
    long storedBytes,
    long refusedBatches,
    long failedBatches,
    long deliveredMessages,
    long gaps,
    long failedSubscribers,
    int retainedTopics,
    long refusedRetained,
    SlowStats slow,
    RequestStats requests,
    PresenceStats presence,
    EngineStats engine,
    List<SubscriptionStats> subscriptions) {
  public BrokerStats {
    subscriptions = List.copyOf(subscriptions);
  }
}
