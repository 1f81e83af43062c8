package dev.weir.gateway.grpc;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.DeadLetter;
import dev.weir.broker.SubscriptionStats;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.MessageSearch;
import dev.weir.broker.explain.MessageTrace;
import dev.weir.broker.explain.QueueEvent;
import dev.weir.broker.explain.QueueTrace;
import dev.weir.broker.explain.SubscriptionTrace;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.ExplainMessageRequest;
import dev.weir.proto.v1.MessageExplanation;
import dev.weir.proto.v1.MessageFate;
import dev.weir.proto.v1.MessagePlace;
import dev.weir.proto.v1.MessageRetention;
import dev.weir.proto.v1.QueueExplanation;
import dev.weir.proto.v1.QueueIncident;
import dev.weir.proto.v1.QueueStanding;
import dev.weir.proto.v1.SubscriptionExplanation;
import dev.weir.proto.v1.SubscriptionRelation;
import dev.weir.proto.v1.SubscriptionState;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// Why a message was or was not delivered, in the words of `weir.v1.Operations`.
final class MessageWords {
  private MessageWords() {}

  /// Where the messages stand that are asked for.
  static List<Position> wanted(ExplainMessageRequest request, Explanations explanations)
      throws IOException {
    return switch (request.getWantedCase()) {
      case PLACE -> List.of(position(request.getPlace(), explanations));
      case ID -> explanations.find(search(request, bytes(request.getId()), Bytes.EMPTY));
      case KEY -> explanations.find(search(request, Bytes.EMPTY, bytes(request.getKey())));
      case REQUEST_TOPIC -> List.of();
      case WANTED_NOT_SET ->
          throw new WeirException(
              ErrorCode.MALFORMED,
              "The request names no message: expected a place, id, key or request_topic.");
    };
  }

  private static Position position(MessagePlace place, Explanations explanations) {
    String stream = place.getStream().isEmpty() ? explanations.stream() : place.getStream();
    return new Position(stream, place.getPartition(), place.getOffset());
  }

  private static MessageSearch search(ExplainMessageRequest request, Bytes id, Bytes key) {
    TopicFilter filter =
        request.getFilter().isEmpty() ? TopicFilter.ALL : TopicFilter.parse(request.getFilter());
    long within = request.getWithin() == 0 ? MessageSearch.DEFAULT_WITHIN : request.getWithin();
    return new MessageSearch(filter, id, key, within);
  }

  static MessageExplanation of(MessageTrace trace) {
    MessageExplanation.Builder words =
        MessageExplanation.newBuilder()
            .setPlace(
                MessagePlace.newBuilder()
                    .setStream(trace.position().stream())
                    .setPartition(trace.position().partition())
                    .setOffset(trace.position().offset()))
            .setFate(fate(trace.fate()))
            .setStoredMicros(trace.storedMicros())
            .setExpiryMicros(trace.expiryMicros())
            .setRetained(retained(trace.retained()))
            .setIsComplete(trace.isComplete());
    trace.message().ifPresent(message -> add(words, message));
    trace.subscriptions().forEach(each -> words.addSubscriptions(of(each)));
    trace.queues().forEach(each -> words.addQueues(of(each)));
    return words.build();
  }

  private static void add(MessageExplanation.Builder words, Message message) {
    words
        .setTopic(message.topic())
        .setKey(Messages.shared(message.key()))
        .setId(Messages.shared(message.id()))
        .setBodyBytes(message.body().length())
        .setDelayMillis(message.delay().toMillis());
  }

  private static MessageFate fate(MessageTrace.Fate fate) {
    return switch (fate) {
      case STORED -> MessageFate.MESSAGE_FATE_STORED;
      case NOT_YET -> MessageFate.MESSAGE_FATE_NOT_YET;
      case REMOVED -> MessageFate.MESSAGE_FATE_REMOVED;
      case DAMAGED -> MessageFate.MESSAGE_FATE_DAMAGED;
    };
  }

  private static MessageRetention retained(MessageTrace.Retained retained) {
    return switch (retained) {
      case NOT_ASKED -> MessageRetention.MESSAGE_RETENTION_UNSPECIFIED;
      case KEPT -> MessageRetention.MESSAGE_RETENTION_KEPT;
      case REPLACED -> MessageRetention.MESSAGE_RETENTION_REPLACED;
      case CLEARING -> MessageRetention.MESSAGE_RETENTION_CLEARING;
    };
  }

  private static SubscriptionExplanation of(SubscriptionTrace trace) {
    SubscriptionExplanation.Builder words =
        of(trace.stats()).toBuilder().setRelation(relation(trace.relation()));
    trace.gap().ifPresent(reason -> words.setGap(word(reason)));
    return words.build();
  }

  static SubscriptionExplanation of(SubscriptionStats stats) {
    return SubscriptionExplanation.newBuilder()
        .setId(stats.id())
        .setOrigin(stats.origin())
        .setFilters(stats.filters())
        .setState(state(stats.state()))
        .setDelivered(stats.deliveredMessages())
        .setCreditLeft(stats.creditLeft())
        .setBehind(stats.behindMessages())
        .setGaps(stats.gaps())
        .setExpired(stats.expiredMessages())
        .build();
  }

  private static SubscriptionState state(SubscriptionStats.State state) {
    return switch (state) {
      case READING -> SubscriptionState.SUBSCRIPTION_STATE_READING;
      case LIVE -> SubscriptionState.SUBSCRIPTION_STATE_LIVE;
      case WAITING_FOR_CREDIT -> SubscriptionState.SUBSCRIPTION_STATE_WAITING_FOR_CREDIT;
      case WAITING_FOR_TRANSPORT -> SubscriptionState.SUBSCRIPTION_STATE_WAITING_FOR_TRANSPORT;
      case ENDED -> SubscriptionState.SUBSCRIPTION_STATE_ENDED;
    };
  }

  private static SubscriptionRelation relation(SubscriptionTrace.Relation relation) {
    return switch (relation) {
      case OPENING -> SubscriptionRelation.SUBSCRIPTION_RELATION_OPENING;
      case BEGAN_LATER -> SubscriptionRelation.SUBSCRIPTION_RELATION_BEGAN_LATER;
      case GAP -> SubscriptionRelation.SUBSCRIPTION_RELATION_GAP;
      case PASSED -> SubscriptionRelation.SUBSCRIPTION_RELATION_PASSED;
      case BEHIND -> SubscriptionRelation.SUBSCRIPTION_RELATION_BEHIND;
    };
  }

  private static QueueExplanation of(QueueTrace trace) {
    QueueExplanation.Builder words =
        QueueExplanation.newBuilder()
            .setQueue(trace.queue())
            .setStanding(standing(trace.state()))
            .setDeliveries(trace.deliveries())
            .setUntilMicros(trace.untilMicros())
            .setHolder(trace.holder());
    trace.dead().ifPresent(dead -> add(words, dead));
    trace.events().forEach(event -> words.addIncidents(of(event)));
    return words.build();
  }

  private static void add(QueueExplanation.Builder words, DeadLetter dead) {
    words
        .setDeadQueue(dead.queue())
        .setDeadReason(word(dead.reason()))
        .setDeadDeliveries(dead.deliveries())
        .setDeadMicros(dead.micros());
  }

  private static QueueStanding standing(QueueTrace.State state) {
    return switch (state) {
      case NOT_SEEN -> QueueStanding.QUEUE_STANDING_NOT_SEEN;
      case WAITING -> QueueStanding.QUEUE_STANDING_WAITING;
      case DELAYED -> QueueStanding.QUEUE_STANDING_DELAYED;
      case BEHIND_ITS_KEY -> QueueStanding.QUEUE_STANDING_BEHIND_ITS_KEY;
      case HELD -> QueueStanding.QUEUE_STANDING_HELD;
      case GONE -> QueueStanding.QUEUE_STANDING_GONE;
    };
  }

  private static QueueIncident of(QueueEvent event) {
    return QueueIncident.newBuilder()
        .setAtMicros(event.micros())
        .setKind(word(event.kind()))
        .setDeliveries(event.deliveries())
        .setWho(event.who())
        .build();
  }

  /// `HANDED_OUT` as `handed-out`.
  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Bytes bytes(ByteString bytes) {
    return bytes.isEmpty() ? Bytes.EMPTY : Bytes.wrap(bytes.toByteArray());
  }
}
