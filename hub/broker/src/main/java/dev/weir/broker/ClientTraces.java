package dev.weir.broker;

import dev.weir.broker.direct.LocalQueues;
import dev.weir.broker.explain.ClientTrace;
import dev.weir.broker.explain.PublisherTrace;
import dev.weir.broker.explain.PublisherTrace.State;
import dev.weir.broker.explain.Publishers;
import dev.weir.broker.explain.RequestTrace;
import dev.weir.broker.explain.ResponderTrace;
import dev.weir.broker.presence.LocalPresence;
import dev.weir.broker.request.LocalRequests;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// What clients have open, and what became of their requests. Any thread that may wait.
final class ClientTraces {
  private final LocalQueues queues;
  private final LocalRequests requests;
  private final LocalPresence presence;
  private final Publishers publishers;
  private final Function<String, List<Long>> blockers;

  /// @param blockers the numbers of the subscriptions that hold back publishers to a topic
  ClientTraces(
      LocalQueues queues,
      LocalRequests requests,
      LocalPresence presence,
      Publishers publishers,
      Function<String, List<Long>> blockers) {
    this.queues = queues;
    this.requests = requests;
    this.presence = presence;
    this.publishers = publishers;
    this.blockers = blockers;
  }

  List<RequestTrace> requests(Predicate<RequestTrace> wanted, int limit) {
    return requests.past(wanted, limit);
  }

  List<ResponderTrace> responders(String topic) {
    return requests.responders(topic);
  }

  ClientTrace client(String origin) {
    return new ClientTrace(
        queues.consumers(origin),
        requests.respondersAt(origin),
        presence.memberships(origin).toCompletableFuture().join(),
        presence.watched(origin).toCompletableFuture().join(),
        publishers.of(origin).stream().map(this::withBlockers).toList());
  }

  /// What has its receipts, or waits for its client to read them, is held back by nobody.
  private PublisherTrace withBlockers(PublisherTrace known) {
    boolean isWaiting = !known.topic().isEmpty() && isHeld(known.state());
    List<Long> found = isWaiting ? blockers.apply(known.topic()) : List.of();
    return found.isEmpty()
        ? known
        : new PublisherTrace(
            known.door(), known.topic(), known.unanswered(), known.bytes(), State.HELD_BACK, found);
  }

  private static boolean isHeld(State state) {
    return state == State.COMMITTING || state == State.FULL;
  }
}
