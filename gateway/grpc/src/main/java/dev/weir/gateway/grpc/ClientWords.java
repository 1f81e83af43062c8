package dev.weir.gateway.grpc;

import dev.weir.auth.AuditEvent;
import dev.weir.auth.Identity;
import dev.weir.auth.Quota;
import dev.weir.auth.SessionBook;
import dev.weir.auth.SessionTrace;
import dev.weir.broker.Broker;
import dev.weir.broker.explain.ConsumerTrace;
import dev.weir.proto.v1.ConsumerExplanation;
import dev.weir.proto.v1.ExplainClientResponse;
import dev.weir.proto.v1.RefusalExplanation;
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
    broker.explanations().consumers(address).forEach(each -> words.addConsumers(of(each)));
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
