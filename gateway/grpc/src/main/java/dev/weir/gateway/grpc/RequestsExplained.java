package dev.weir.gateway.grpc;

import dev.weir.base.Bytes;
import dev.weir.broker.explain.Explanations;
import dev.weir.broker.explain.RequestTrace;
import dev.weir.message.Topic;
import dev.weir.message.TopicFilter;
import dev.weir.proto.v1.ExplainMessageRequest;
import dev.weir.proto.v1.ExplainMessageResponse;
import dev.weir.proto.v1.RequestExplanation;

/// Requests that came to nothing, in the words of `weir.v1.Operations`.
final class RequestsExplained {
  private RequestsExplained() {}

  /// Those with the id or key that is asked for, or to the topic.
  static void add(
      ExplainMessageResponse.Builder words,
      ExplainMessageRequest request,
      Explanations explanations) {
    TopicFilter filter =
        request.getFilter().isEmpty() ? TopicFilter.ALL : TopicFilter.parse(request.getFilter());
    switch (request.getWantedCase()) {
      case ID -> add(words, explanations, filter, MessageWords.bytes(request.getId()), Bytes.EMPTY);
      case KEY ->
          add(words, explanations, filter, Bytes.EMPTY, MessageWords.bytes(request.getKey()));
      case REQUEST_TOPIC -> {
        String topic = request.getRequestTopic();
        Topic.check(topic);
        add(words, explanations, TopicFilter.parse(topic), Bytes.EMPTY, Bytes.EMPTY);
        explanations.responders(topic).forEach(each -> words.addResponders(ClientWords.of(each)));
      }
      case PLACE, WANTED_NOT_SET -> {} // Requests have no place.
    }
  }

  private static void add(
      ExplainMessageResponse.Builder words,
      Explanations explanations,
      TopicFilter filter,
      Bytes id,
      Bytes key) {
    explanations.requests(filter, id, key).forEach(each -> words.addRequests(of(each)));
  }

  private static RequestExplanation of(RequestTrace trace) {
    return RequestExplanation.newBuilder()
        .setAtMicros(trace.atMicros())
        .setTopic(trace.topic())
        .setId(Messages.shared(trace.id()))
        .setKey(Messages.shared(trace.key()))
        .setCode(trace.code().number())
        .build();
  }
}
