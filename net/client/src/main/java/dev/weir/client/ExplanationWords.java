package dev.weir.client;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.client.ClientExplanation.ConsumerView;
import dev.weir.client.ClientExplanation.MembershipView;
import dev.weir.client.ClientExplanation.PublisherView;
import dev.weir.client.ClientExplanation.Refused;
import dev.weir.client.ClientExplanation.ResponderView;
import dev.weir.client.ClientExplanation.SessionView;
import dev.weir.client.ClientOperations.Connected;
import dev.weir.message.Position;
import dev.weir.proto.v1.ExplainClientResponse;
import dev.weir.proto.v1.ExplainMessageResponse;
import dev.weir.proto.v1.MembershipExplanation;
import dev.weir.proto.v1.MessagePlace;
import dev.weir.proto.v1.PublisherExplanation;
import dev.weir.proto.v1.QueueIncident;
import dev.weir.proto.v1.ResponderExplanation;
import dev.weir.proto.v1.SessionExplanation;
import java.util.Locale;

/// Explanations from the words of `weir.v1.Operations`.
final class ExplanationWords {
  private ExplanationWords() {}

  static MessageExplanation of(dev.weir.proto.v1.MessageExplanation words) {
    MessagePlace place = words.getPlace();
    return new MessageExplanation(
        new Position(place.getStream(), place.getPartition(), place.getOffset()),
        word(words.getFate(), "MESSAGE_FATE_"),
        words.getTopic(),
        Bytes.wrap(words.getKey().toByteArray()),
        Bytes.wrap(words.getId().toByteArray()),
        words.getBodyBytes(),
        words.getStoredMicros(),
        words.getExpiryMicros(),
        words.getDelayMillis(),
        word(words.getRetained(), "MESSAGE_RETENTION_"),
        words.getSubscriptionsList().stream().map(ExplanationWords::of).toList(),
        words.getIsComplete(),
        words.getQueuesList().stream().map(ExplanationWords::of).toList());
  }

  private static SubscriptionExplanation of(dev.weir.proto.v1.SubscriptionExplanation words) {
    return new SubscriptionExplanation(
        words.getId(),
        words.getOrigin(),
        words.getFilters(),
        word(words.getState(), "SUBSCRIPTION_STATE_"),
        word(words.getRelation(), "SUBSCRIPTION_RELATION_"),
        words.getGap(),
        words.getDelivered(),
        words.getCreditLeft(),
        words.getBehind(),
        words.getGaps(),
        words.getExpired());
  }

  private static QueueExplanation of(dev.weir.proto.v1.QueueExplanation words) {
    return new QueueExplanation(
        words.getQueue(),
        word(words.getStanding(), "QUEUE_STANDING_"),
        words.getDeliveries(),
        words.getUntilMicros(),
        words.getHolder(),
        words.getDeadReason(),
        words.getDeadQueue(),
        words.getDeadDeliveries(),
        words.getIncidentsList().stream().map(ExplanationWords::of).toList());
  }

  private static QueueExplanation.Incident of(QueueIncident words) {
    return new QueueExplanation.Incident(
        words.getAtMicros(), words.getKind(), words.getDeliveries(), words.getWho());
  }

  static ClientExplanation of(ExplainClientResponse words) {
    return new ClientExplanation(
        Connected.of(words.getClient()),
        words.getIsOpen(),
        words.getSessionsList().stream().map(ExplanationWords::of).toList(),
        words.getSubscriptionsList().stream().map(ExplanationWords::of).toList(),
        words.getConsumersList().stream()
            .map(each -> new ConsumerView(each.getQueue(), each.getPrefetch(), each.getHeld()))
            .toList(),
        words.getRespondersList().stream().map(ExplanationWords::of).toList(),
        words.getMembershipsList().stream().map(ExplanationWords::of).toList(),
        words.getWatchesList(),
        words.getPublishersList().stream().map(ExplanationWords::of).toList(),
        words.getRefusalsList().stream()
            .map(each ->
                new Refused(
                    each.getAtMicros(),
                    each.getUser(),
                    each.getAction(),
                    each.getTarget(),
                    each.getReason()))
            .toList(),
        words.getEventsList().stream().map(ClientOperations::happened).toList());
  }

  private static ResponderView of(ResponderExplanation words) {
    return new ResponderView(words.getFilter(), words.getCapacity(), words.getInHand());
  }

  private static MembershipView of(MembershipExplanation words) {
    return new MembershipView(
        words.getTopic(),
        words.getMember(),
        words.getUser(),
        words.getSinceMicros(),
        words.getGraceMillis(),
        words.getHolders());
  }

  private static PublisherView of(PublisherExplanation words) {
    return new PublisherView(
        words.getDoor(),
        words.getTopic(),
        words.getUnanswered(),
        words.getBytes(),
        word(words.getState(), "PUBLISHER_STATE_"),
        words.getBlockersList());
  }

  static RequestsExplanation requests(ExplainMessageResponse words) {
    return new RequestsExplanation(
        words.getRequestsList().stream()
            .map(each ->
                new RequestsExplanation.Unanswered(
                    each.getAtMicros(),
                    each.getTopic(),
                    Bytes.wrap(each.getId().toByteArray()),
                    Bytes.wrap(each.getKey().toByteArray()),
                    ErrorCode.of(each.getCode()).orElse(ErrorCode.BUG)))
            .toList(),
        words.getRespondersList().stream().map(ExplanationWords::of).toList());
  }

  private static SessionView of(SessionExplanation words) {
    return new SessionView(
        words.getUser(),
        words.getDoor(),
        words.getProof(),
        words.getRolesList(),
        words.getExpiryMicros(),
        words.getConnections(),
        words.getMaxConnections(),
        words.getSubscriptions(),
        words.getMaxSubscriptions(),
        words.getPublishMessages(),
        words.getPublishBytes(),
        words.getIsPaced());
  }

  /// `QUEUE_STANDING_NOT_SEEN` as `not-seen`; empty for none.
  private static String word(Enum<?> constant, String prefix) {
    String name = constant.name().replaceFirst("^" + prefix, "");
    return name.equals("UNSPECIFIED") ? "" : name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
