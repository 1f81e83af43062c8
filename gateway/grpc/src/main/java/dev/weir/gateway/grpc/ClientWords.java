package dev.weir.gateway.grpc;

import dev.weir.auth.AuditEvent;
import dev.weir.auth.Identity;
import dev.weir.auth.Quota;
import dev.weir.auth.SessionBook;
import dev.weir.auth.SessionTrace;
import dev.weir.broker.Broker;
import dev.weir.broker.explain.ClientTrace;
import dev.weir.broker.explain.ConsumerTrace;
import dev.weir.broker.explain.MembershipTrace;
import dev.weir.broker.explain.PublisherTrace;
import dev.weir.broker.explain.ResponderTrace;
import dev.weir.proto.v1.ConsumerExplanation;
import dev.weir.proto.v1.ExplainClientResponse;
import dev.weir.proto.v1.MembershipExplanation;
import dev.weir.proto.v1.PublisherExplanation;
import dev.weir.proto.v1.PublisherState;
import dev.weir.proto.v1.RefusalExplanation;
import dev.weir.proto.v1.ResponderExplanation;
import dev.weir.proto.v1.SessionExplanation;

/// What a client may do, has open and was refused, in the words of `weir.v1.Operations`.
final class ClientWords {
  private ClientWords() {}

  /// @param address where the client is, `HOST:PORT`
  static void add(
      ExplainClientResponse.Builder words, String address, Broker broker, SessionBook sessions) {
    sessions.sessions(address).forEach(session -> words.addSessions(of(session)));
    broker.stats().subscriptions().stream()
        .filter(subscription -> subscription.origin().equals(address))
        .forEach(subscription -> words.addSubscriptions(MessageWords.of(subscription)));
    ClientTrace open = broker.explanations().client(address);
    open.consumers().forEach(each -> words.addConsumers(of(each)));
    open.responders().forEach(each -> words.addResponders(of(each)));
    open.memberships().forEach(each -> words.addMemberships(of(each)));
    words.addAllWatches(open.watches());
    open.publishers().forEach(each -> words.addPublishers(of(each)));
    sessions.refusals(address).forEach(refusal -> words.addRefusals(of(refusal)));
  }

  private static SessionExplanation of(SessionTrace session) {
    Identity identity = session.identity();
    Quota quota = session.use().quota();
    return SessionExplanation.newBuilder()
        .setUser(identity.user())
        .setDoor(session.door())
        .setProof(identity.proof().label())
        .addAllRoles(session.roles())
        .setExpiryMicros(identity.expiryMicros() == Identity.NEVER ? 0 : identity.expiryMicros())
        .setConnections(session.use().connections())
        .setMaxConnections(limit(quota.connections()))
        .setSubscriptions(session.use().subscriptions())
        .setMaxSubscriptions(limit(quota.subscriptions()))
        .setPublishMessages(limit(quota.publishMessages()))
        .setPublishBytes(limit(quota.publishBytes()))
        .setIsPaced(session.use().isPaced())
        .build();
  }

  private static long limit(long most) {
    return most == Quota.NO_LIMIT ? 0 : most;
  }

  private static ConsumerExplanation of(ConsumerTrace consumer) {
    return ConsumerExplanation.newBuilder()
        .setQueue(consumer.queue())
        .setPrefetch(consumer.prefetch())
        .setHeld(consumer.held())
        .build();
  }

  static ResponderExplanation of(ResponderTrace responder) {
    return ResponderExplanation.newBuilder()
        .setFilter(responder.filter())
        .setCapacity(responder.capacity())
        .setInHand(responder.inHand())
        .build();
  }

  private static MembershipExplanation of(MembershipTrace membership) {
    return MembershipExplanation.newBuilder()
        .setTopic(membership.topic())
        .setMember(membership.member())
        .setUser(membership.user())
        .setSinceMicros(membership.sinceMicros())
        .setGraceMillis(membership.grace().toMillis())
        .setHolders(membership.holders())
        .build();
  }

  private static PublisherExplanation of(PublisherTrace publisher) {
    return PublisherExplanation.newBuilder()
        .setDoor(publisher.door())
        .setTopic(publisher.topic())
        .setUnanswered(publisher.unanswered())
        .setBytes(publisher.bytes())
        .setState(
            switch (publisher.state()) {
              case IDLE -> PublisherState.PUBLISHER_STATE_IDLE;
              case COMMITTING -> PublisherState.PUBLISHER_STATE_COMMITTING;
              case FULL -> PublisherState.PUBLISHER_STATE_FULL;
              case HELD_BACK -> PublisherState.PUBLISHER_STATE_HELD_BACK;
              case CLIENT_DOES_NOT_READ -> PublisherState.PUBLISHER_STATE_CLIENT_DOES_NOT_READ;
            })
        .addAllBlockers(publisher.blockers())
        .build();
  }

  private static RefusalExplanation of(AuditEvent refusal) {
    return RefusalExplanation.newBuilder()
        .setAtMicros(refusal.micros())
        .setUser(refusal.user())
        .setAction(refusal.action().isEmpty() ? refusal.event() : refusal.action())
        .setTarget(refusal.target())
        .setReason(refusal.why())
        .build();
  }
}
