package dev.weir.gateway.web.live;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Requests;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.gateway.web.json.Texts;
import dev.weir.gateway.web.rest.Receipts;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Requests of a socket: those that it asks, and those that it answers. Its frames are handled one
/// at a time; replies come from who has them.
final class SocketRequests {
  private static final int MAX_ASKED = 256;
  private static final int MAX_CAPACITY = 256;
  private static final int DEFAULT_CAPACITY = 16;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  private final Requests requests;
  private final SocketWriter writer;
  private final WebCounters counters;
  private final Executor waiting;
  private final Consumer<String> checkFree;
  private final Map<String, SocketResponder> responders = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Message>> asked = new ConcurrentHashMap<>();
  private final AtomicLong lastAsked = new AtomicLong();
  private volatile boolean isClosed;

  /// @param waiting runs what waits for room
  /// @param checkFree refuses a name that the socket uses already, and one too many
  SocketRequests(
      Requests requests,
      SocketWriter writer,
      WebCounters counters,
      Executor waiting,
      Consumer<String> checkFree) {
    this.requests = requests;
    this.writer = writer;
    this.counters = counters;
    this.waiting = waiting;
    this.checkFree = checkFree;
  }

  /// Does `request`, `serve`, `reply` or `fail`.
  void handle(String op, JsonFields fields, String id, String ref) {
    switch (op) {
      case "request" -> ask(fields, ref);
      case "serve" -> serve(fields, id);
      case "reply" -> reply(fields, id);
      default -> fail(fields, id);
    }
  }

  private void ask(JsonFields fields, String ref) {
    Duration timeout = fields.duration("timeout").orElse(DEFAULT_TIMEOUT);
    Message request = MessageJson.member(fields, "");
    fields.noMore();
    if (asked.size() >= MAX_ASKED) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "A socket has at most " + MAX_ASKED + " requests under way.");
    }
    CompletableFuture<Message> reply = requests.ask(request, timeout);
    long number = lastAsked.incrementAndGet();
    asked.put(number, reply);
    var _ =
        reply.whenComplete((message, fault) -> {
          asked.remove(number);
          if (fault == null) {
            writer.send(writer.words().reply(ref, message));
          } else if (!reply.isCancelled()) {
            writer.send(writer.words().error("", ref, Receipts.cause(fault)));
          }
        });
    if (isClosed) {
      reply.cancel(false);
    }
  }

  private void serve(JsonFields fields, String id) {
    TopicFilter filter = TopicFilter.parse(fields.requiredText("filter"));
    int capacity = (int) fields.number("capacity", 1, MAX_CAPACITY, DEFAULT_CAPACITY);
    fields.noMore();
    checkFree.accept(id);
    SocketResponder responder =
        new SocketResponder(id, capacity, writer, counters, waiting, () -> responders.remove(id));
    responders.put(id, responder);
    try {
      responder.open(requests, filter);
    } catch (WeirException e) {
      responders.remove(id);
      throw e;
    }
    if (isClosed) {
      responder.close();
    }
  }

  private SocketResponder responder(String id) {
    SocketResponder known = responders.get(id);
    if (known == null) {
      throw new WeirException(
          ErrorCode.MALFORMED, "Nothing is served as '" + Texts.shown(id) + "' on this socket.");
    }
    return known;
  }

  private static long number(JsonFields fields) {
    long number = fields.number("request", 1, Long.MAX_VALUE, 0);
    if (number == 0) {
      throw new WeirException(ErrorCode.MALFORMED, "The field 'request' is missing.");
    }
    return number;
  }

  private void reply(JsonFields fields, String id) {
    long number = number(fields);
    Message message = MessageJson.member(fields, "-");
    fields.noMore();
    responder(id).reply(number, message);
  }

  private void fail(JsonFields fields, String id) {
    long number = number(fields);
    String detail = fields.text("detail").orElse("");
    fields.noMore();
    responder(id).fail(number, detail);
  }

  boolean has(String id) {
    return responders.containsKey(id);
  }

  int size() {
    return responders.size();
  }

  /// @return whether something was served under this name
  boolean detach(String id) {
    SocketResponder known = responders.remove(id);
    if (known == null) {
      return false;
    }
    known.close();
    return true;
  }

  /// The connection is gone. Idempotent.
  void close() {
    isClosed = true;
    asked.values().forEach(reply -> reply.cancel(false));
    responders.values().forEach(SocketResponder::close);
    responders.clear();
  }
}
