package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Settling;
import dev.weir.broker.SlowPolicy;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.SlowWords;
import dev.weir.gateway.web.json.Texts;
import dev.weir.gateway.web.rest.Receipts;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a socket's client asks for: subscriptions, publishes, queues.
///
/// Threads: frames are handled one after another, each on a virtual thread, which may wait: for
/// room to answer, or for publishes under way. Answers come from whoever has them.
final class SocketSession {
  /// Subscriptions and consumers of one socket.
  private static final int MAX_ATTACHMENTS = 64;

  private static final int MAX_PREFETCH = 256;
  private static final int DEFAULT_PREFETCH = 10;
  private static final int MAX_NAME_CHARS = 64;

  private final Caller caller;
  private final Broker broker;
  private final Clock clock;
  private final WebCounters counters;
  private final Executor waiting;
  private final SocketWriter writer;
  private final SocketRequests requests;
  private final SocketPresence presence;
  private final SocketPublishes publishes;
  private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
  private final Map<String, SocketConsumer> consumers = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  SocketSession(
      Caller caller,
      Clock clock,
      Receipts receipts,
      WebCounters counters,
      Executor waiting,
      SocketWriter writer) {
    this.caller = caller;
    this.broker = caller.broker();
    this.clock = clock;
    this.counters = counters;
    this.waiting = waiting;
    this.writer = writer;
    this.requests =
        new SocketRequests(broker.requests(), writer, counters, waiting, this::checkFree);
    this.publishes = new SocketPublishes(broker, writer, counters, receipts);
    this.presence = new SocketPresence(broker.presence(), writer, this::checkFree);
  }

  /// Handles one frame.
  ///
  /// @throws WeirException when it is nothing of its protocol: the connection is of no use then
  void handle(Bytes frame) throws InterruptedException {
    writer.outlet().awaitRoom(() -> isClosed);
    SocketFrame came = writer.protocol().read(frame);
    if (came.isSeveral()) {
      writer.gather();
    }
    for (JsonFields fields : came.objects()) {
      writer.outlet().awaitRoom(() -> isClosed);
      handle(fields);
    }
    publishes.flush();
  }

  private void handle(JsonFields fields) throws InterruptedException {
    String id = "";
    String ref = "";
    try {
      id = name(fields, "id");
      ref = name(fields, "ref");
      handle(fields, id, ref);
    } catch (WeirException e) {
      refuse(id, ref, e);
    } catch (IllegalArgumentException e) {
      refuse(id, ref, new WeirException(ErrorCode.MALFORMED, e.getMessage() + ".", e));
    }
  }

  private void refuse(String id, String ref, WeirException cause) {
    counters.faultyFrame();
    writer.send(writer.words().error(id, ref, cause));
  }

  private static String name(JsonFields fields, String field) {
    String name = fields.text(field).orElse("");
    if (name.length() > MAX_NAME_CHARS) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The field '" + field + "' is longer than " + MAX_NAME_CHARS + " characters.");
    }
    return name;
  }

  private void handle(JsonFields fields, String id, String ref) throws InterruptedException {
    String op = fields.requiredText("op");
    if (!op.equals("publish")) {
      publishes.flush(); // What follows may be an end of it, or a newer credential.
    }
    switch (op) {
      case "attach" -> attach(fields, required(id));
      case "credit" -> credit(fields, required(id));
      case "detach" -> detach(fields, required(id));
      case "publish" -> publishes.add(fields, ref);
      case "consume" -> consume(fields, required(id));
      case "ack" -> settle(fields, required(id), ref, Settling.Ack::new);
      case "nack" -> nack(fields, required(id), ref);
      case "reject" -> settle(fields, required(id), ref, Settling.Reject::new);
      case "extend" -> extend(fields, required(id), ref);
      case "request" -> requests.handle(op, fields, id, ref);
      case "serve", "reply", "fail" -> requests.handle(op, fields, required(id), ref);
      case "enter" -> presence.enter(fields, ref);
      case "update" -> presence.update(fields, ref);
      case "leave" -> presence.leave(fields, ref);
      case "members" -> presence.members(fields, ref);
      case "auth" -> renew(fields, ref);
      case "ping" -> {
        fields.noMore();
        writer.send(writer.words().pong(ref));
      }
      default ->
          throw new WeirException(
              ErrorCode.MALFORMED,
              "The op '"
                  + Texts.shown(op)
                  + "' is not known, expected "
                  + String.join(", ", SocketWords.OPS)
                  + ".");
    }
  }

  /// The next frame waits for the outcome: what it asks for is judged by the newer credential.
  private void renew(JsonFields fields, String ref) {
    String token = fields.requiredText("token");
    fields.noMore();
    try {
      var _ = caller.renew(token).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw Receipts.cause(e);
    }
    writer.send(writer.words().authorized(ref));
  }

  private static String required(String id) {
    if (id.isEmpty()) {
      throw new WeirException(ErrorCode.MALFORMED, "The field 'id' is missing.");
    }
    return id;
  }

  private void attach(JsonFields fields, String id) {
    if (fields.has("presence")) {
      presence.attach(fields, id);
      return;
    }
    List<TopicFilter> filters = fields.texts("filters").stream().map(TopicFilter::parse).toList();
    String from = fields.text("from").orElse("now");
    boolean isEnding = fields.truth("endAtTail", false);
    boolean isOwnCredit = !fields.has("credit");
    long credit = fields.number("credit", 0, Long.MAX_VALUE, 0);
    boolean isWithRetained = fields.truth("retained", false);
    SlowPolicy slow =
        SlowWords.policy(
            fields.text("slow"),
            fields.has("maxBehind")
                ? Optional.of(fields.number("maxBehind", 1, SlowPolicy.MAX_BEHIND, 1))
                : Optional.empty(),
            fields.duration("maxHold"));
    fields.noMore();
    SubscriptionRequest request =
        new SubscriptionRequest(
            filters, Texts.start(from, clock), isEnding, false, isWithRetained, slow);
    Feed feed =
        new Feed(
            writer.outlet(),
            new Attachment(id, writer, () -> feeds.remove(id)),
            counters,
            isOwnCredit);
    checkFree(id);
    feeds.put(id, feed);
    try {
      feed.open(broker, request, credit);
    } catch (WeirException e) {
      feeds.remove(id);
      throw e;
    }
    if (isClosed) {
      feed.close();
    }
  }

  private void checkFree(String id) {
    if (feeds.containsKey(id)
        || consumers.containsKey(id)
        || requests.has(id)
        || presence.has(id)) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The id '" + id + "' is taken; detach it first.");
    }
    int taken = feeds.size() + consumers.size() + requests.size() + presence.size();
    if (taken >= MAX_ATTACHMENTS) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "A socket has at most " + MAX_ATTACHMENTS + " attachments.");
    }
  }

  private void credit(JsonFields fields, String id) {
    long credit = fields.number("credit", 0, Long.MAX_VALUE, 0);
    fields.noMore();
    Feed feed = feeds.get(id);
    if (feed == null) {
      throw unknown(id);
    }
    feed.grant(credit);
  }

  private static WeirException unknown(String id) {
    return new WeirException(ErrorCode.MALFORMED, "There is no '" + id + "' on this socket.");
  }

  private void detach(JsonFields fields, String id) {
    fields.noMore();
    Feed feed = feeds.remove(id);
    SocketConsumer consumer = consumers.remove(id);
    boolean isServed = requests.detach(id) || presence.detach(id);
    if (feed == null && consumer == null && !isServed) {
      throw unknown(id);
    }
    if (feed != null) {
      feed.close();
      writer.send(writer.words().detached(id, Optional.ofNullable(feed.cursor())));
    }
    if (isServed) {
      writer.send(writer.words().detached(id, Optional.empty()));
    }
    if (consumer != null) {
      consumer.close();
      writer.send(writer.words().detached(id, Optional.empty()));
    }
  }

  private void consume(JsonFields fields, String id) {
    String queue = fields.requiredText("queue");
    int prefetch = (int) fields.number("prefetch", 1, MAX_PREFETCH, DEFAULT_PREFETCH);
    fields.noMore();
    checkFree(id);
    SocketConsumer consumer =
        new SocketConsumer(
            id, prefetch, writer, counters, clock, waiting, () -> consumers.remove(id));
    consumers.put(id, consumer);
    try {
      consumer.open(broker.queues(), queue);
    } catch (WeirException e) {
      consumers.remove(id);
      throw e;
    }
    if (isClosed) {
      consumer.close();
    }
  }

  private void nack(JsonFields fields, String id, String ref) {
    Optional<Duration> delay = fields.duration("delay");
    settle(fields, id, ref, message -> new Settling.Nack(message, delay));
  }

  private void extend(JsonFields fields, String id, String ref) {
    Duration time =
        fields
            .duration("time")
            .orElseThrow(
                () -> new WeirException(ErrorCode.MALFORMED, "The field 'time' is missing: 30s."));
    settle(fields, id, ref, message -> new Settling.Extend(message, time));
  }

  /// Settles all leases of an object together and tells once everything has its outcome, when the
  /// client wants to know or something failed.
  private void settle(
      JsonFields fields, String id, String ref, Function<QueuedMessage, Settling> settling) {
    Set<String> leases = new LinkedHashSet<>(fields.texts("leases"));
    fields.noMore();
    SocketConsumer consumer = consumers.get(id);
    if (consumer == null) {
      throw unknown(id);
    }
    SocketConsumer.Outcome outcome = consumer.settle(leases, settling);
    var _ =
        outcome
            .durable()
            .whenComplete((_, fault) -> tell(id, ref, leases, outcome.refused(), fault));
  }

  private void tell(
      String id,
      String ref,
      Set<String> leases,
      Map<String, WeirException> refused,
      @Nullable Throwable fault) {
    Map<String, WeirException> failures = new LinkedHashMap<>();
    for (String lease : leases) {
      WeirException known = refused.get(lease);
      WeirException cause = known != null || fault == null ? known : Receipts.cause(fault);
      if (cause != null) {
        failures.put(Texts.shown(lease), cause);
      }
    }
    if (!ref.isEmpty() || !failures.isEmpty()) {
      JsonText told = writer.words().settled(id, ref, leases.size() - failures.size(), failures);
      writer.send(told);
    }
  }

  /// The connection is gone: subscriptions end, what is held goes to others. Idempotent.
  void close() {
    isClosed = true;
    feeds.values().forEach(Feed::close);
    feeds.clear();
    consumers.values().forEach(SocketConsumer::close);
    consumers.clear();
    requests.close();
    presence.close();
    publishes.close();
    writer.outlet().wake();
  }
}
