package dev.weir.broker.explain;

import java.util.List;

/// What a client has open in the broker at one moment, beside its subscriptions.
///
/// @param consumers of queues
/// @param responders who answer requests
/// @param memberships that it holds at topics of presence
/// @param watches topics of presence that it follows
/// @param publishers the streams that it publishes on
public record ClientTrace(
    List<ConsumerTrace> consumers,
    List<ResponderTrace> responders,
    List<MembershipTrace> memberships,
    List<String> watches,
    List<PublisherTrace> publishers) {
  public ClientTrace {
    consumers = List.copyOf(consumers);
    responders = List.copyOf(responders);
    memberships = List.copyOf(memberships);
    watches = List.copyOf(watches);
    publishers = List.copyOf(publishers);
  }
}
