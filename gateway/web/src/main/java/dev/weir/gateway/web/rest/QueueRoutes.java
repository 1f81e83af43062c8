package dev.weir.gateway.web.rest;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Consumption;
import dev.weir.broker.QueueDetails;
import dev.weir.broker.QueuedMessage;
import dev.weir.broker.Queues;
import dev.weir.broker.Start;
import dev.weir.gateway.web.http.Caller;
import dev.weir.gateway.web.http.Problems;
import dev.weir.gateway.web.http.RouteTable;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.http.WebRequest.Departures;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.QueueJson;
import dev.weir.gateway.web.json.Texts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/// Queues over REST: made, looked at, pulled from. Called on virtual threads.
public final class QueueRoutes {
  public static final int MAX_PULL_MESSAGES = 100;
  public static final int MAX_PEEK_MESSAGES = 100;
  private static final int MAX_REDRIVE = 1_000_000;
  private static final int DEFAULT_REDRIVE = 1_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);
  private static final int CONFLICT = 409;
  private static final int MULTI_STATUS = 207;

  private final Pulls pulls;
  private final Receipts receipts;
  private final Publishing publishing;
  private final WebLimits limits;
  private final Clock clock;

  public QueueRoutes(
      Pulls pulls, Receipts receipts, Publishing publishing, WebLimits limits, Clock clock) {
    this.clock = clock;
    this.pulls = pulls;
    this.receipts = receipts;
    this.publishing = publishing;
    this.limits = limits;
  }

  /// What a request does to one lease.
  @FunctionalInterface
  private interface Settling {
    CompletionStage<Void> settle(PullDesk desk, String lease);
  }

  public void addTo(RouteTable routes) {
    int small = WebLimits.SMALL_BODY_BYTES;
    routes
        .add("GET", "/v1/queues", small, this::list)
        .add("GET", "/v1/queues/{name}", small, this::details)
        .add("PUT", "/v1/queues/{name}", small, this::create)
        .add("DELETE", "/v1/queues/{name}", small, this::delete)
        .add("POST", "/v1/queues/{name}/messages", limits.body().intBytes(), publishing::toQueue)
        .add("GET", "/v1/queues/{name}/messages", small, this::peek)
        .add("DELETE", "/v1/queues/{name}/messages", small, this::purge)
        .add("POST", "/v1/queues/{name}/redrive", small, this::redrive)
        .add("POST", "/v1/queues/{name}/pull", small, this::pull)
        .add("POST", "/v1/queues/{name}/ack", small, this::ack)
        .add("POST", "/v1/queues/{name}/nack", small, this::nack)
        .add("POST", "/v1/queues/{name}/reject", small, this::reject)
        .add("POST", "/v1/queues/{name}/extend", small, this::extend);
  }

  private WebAnswer list(WebRequest request) {
    request.allow();
    JsonText json = new JsonText().beginObject().beginArray("queues");
    for (QueueDetails details : request.caller().queues().list()) {
      QueueJson.write(json.beginObject(), details).endObject();
    }
    return WebAnswer.json(200, json.endArray().endObject().bytes());
  }

  private WebAnswer details(WebRequest request) {
    request.allow();
    return details(request.caller().queues(), request.captured("name"));
  }

  private static WebAnswer details(Queues queues, String name) {
    JsonText json = new JsonText().beginObject();
    return WebAnswer.json(200, QueueJson.write(json, queues.details(name)).endObject().bytes());
  }

  private WebAnswer create(WebRequest request) throws InterruptedException {
    request.allow();
    Bytes body = request.body().isEmpty() ? Bytes.utf8("{}") : request.body();
    String name = request.captured("name");
    Queues queues = request.caller().queues();
    JsonFields fields = JsonFields.of(body);
    Start start = Texts.start(fields.text("from").orElse("now"), clock);
    var _ = receipts.await(queues.create(QueueJson.read(name, fields), start));
    return details(queues, name);
  }

  private WebAnswer delete(WebRequest request) throws InterruptedException {
    request.allow();
    var _ = receipts.await(request.caller().queues().delete(request.captured("name")));
    return WebAnswer.empty();
  }

  private WebAnswer peek(WebRequest request) {
    request.allow("max");
    int max = request.number("max", 1, MAX_PEEK_MESSAGES, 10);
    List<QueuedMessage> messages;
    try {
      messages = request.caller().queues().peek(request.captured("name"), max);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.LOG_DAMAGED, "The log cannot be read: " + e + ".", e);
    }
    JsonText json = new JsonText().beginObject().beginArray("messages");
    messages.forEach(message -> QueueJson.write(json.beginObject(), message).endObject());
    return WebAnswer.json(200, json.endArray().endObject().bytes());
  }

  private WebAnswer purge(WebRequest request) throws InterruptedException {
    request.allow();
    Queues queues = request.caller().queues();
    return count("purged", receipts.await(queues.purge(request.captured("name"))));
  }

  private WebAnswer redrive(WebRequest request) throws InterruptedException {
    request.allow("to", "max");
    String to =
        request
            .one("to")
            .orElseThrow(() ->
                new WeirException(ErrorCode.MALFORMED, "The parameter 'to' is missing: a queue."));
    int max = request.number("max", 1, MAX_REDRIVE, DEFAULT_REDRIVE);
    Queues queues = request.caller().queues();
    return count("moved", receipts.await(queues.redrive(request.captured("name"), to, max)));
  }

  private static WebAnswer count(String name, long count) {
    return WebAnswer.json(200, new JsonText().beginObject().put(name, count).endObject().bytes());
  }

  private WebAnswer pull(WebRequest request) throws InterruptedException {
    request.allow("max", "wait");
    int max = request.number("max", 1, MAX_PULL_MESSAGES, 1);
    Duration wait =
        request
            .one("wait")
            .map(text -> Texts.duration("parameter 'wait'", text))
            .orElse(Duration.ZERO);
    if (wait.compareTo(MAX_WAIT) > 0) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The parameter 'wait' is " + wait + ", expected 30s at most.");
    }
    List<PulledMessage> pulled = pull(request, max, wait);
    JsonText json = new JsonText().beginObject().beginArray("messages");
    for (PulledMessage message : pulled) {
      json.beginObject().put("lease", message.lease());
      QueueJson.write(json, message.message()).endObject();
    }
    return WebAnswer.json(200, json.endArray().endObject().bytes());
  }

  /// A pull waits no longer than its caller may consume.
  private List<PulledMessage> pull(WebRequest request, int max, Duration wait)
      throws InterruptedException {
    String name = request.captured("name");
    Caller caller = request.caller();
    caller.requireConsume(name);
    Departures ends =
        task -> {
          request.departures().onLost(task);
          caller.onConsumeLost(name, task);
        };
    List<PulledMessage> pulled = pulls.pull(name, max, wait, ends);
    caller.requireConsume(name); // What it was given went back.
    return pulled;
  }

  private WebAnswer ack(WebRequest request) throws InterruptedException {
    return settle(request, with(Consumption::ack), fields(request));
  }

  private WebAnswer nack(WebRequest request) throws InterruptedException {
    JsonFields fields = fields(request);
    Optional<Duration> delay = fields.duration("delay");
    return settle(
        request,
        delay.isEmpty()
            ? with(Consumption::nack)
            : with((consumption, message) -> consumption.nack(message, delay.get())),
        fields);
  }

  private WebAnswer reject(WebRequest request) throws InterruptedException {
    return settle(request, with(Consumption::reject), fields(request));
  }

  private WebAnswer extend(WebRequest request) throws InterruptedException {
    JsonFields fields = fields(request);
    Duration time =
        fields
            .duration("time")
            .orElseThrow(
                () -> new WeirException(ErrorCode.MALFORMED, "The field 'time' is missing: 30s."));
    return settle(request, (desk, lease) -> desk.extend(lease, time), fields);
  }

  private static JsonFields fields(WebRequest request) {
    request.allow();
    return JsonFields.of(request.body());
  }

  private static Settling with(
      BiFunction<Consumption, QueuedMessage, CompletionStage<Void>> settling) {
    return (desk, lease) -> desk.settle(lease, settling);
  }

  /// Settles every lease of the request; each has its own outcome.
  private WebAnswer settle(WebRequest request, Settling settling, JsonFields fields)
      throws InterruptedException {
    List<String> leases = fields.texts("leases");
    fields.noMore();
    if (leases.isEmpty()) {
      throw new WeirException(ErrorCode.MALFORMED, "The field 'leases' is missing or empty.");
    }
    String name = request.captured("name");
    request.caller().requireConsume(name);
    Optional<PullDesk> desk = pulls.open(name);
    List<CompletionStage<Void>> outcomes = new ArrayList<>(leases.size());
    for (String lease : leases) {
      outcomes.add(
          desk.isEmpty()
              ? CompletableFuture.failedFuture(PullDesk.notHeld(name, lease))
              : settling.settle(desk.get(), lease));
    }
    return outcomes(leases, outcomes);
  }

  private WebAnswer outcomes(List<String> leases, List<CompletionStage<Void>> outcomes)
      throws InterruptedException {
    JsonText json = new JsonText().beginObject().beginArray("failed");
    int settled = 0;
    for (int i = 0; i < leases.size(); i++) {
      try {
        var _ = receipts.await(outcomes.get(i));
        settled++;
      } catch (WeirException e) {
        json.beginObject().put("lease", Texts.shown(leases.get(i)));
        Problems.members(json, e);
        json.endObject();
      }
    }
    json.endArray().put("settled", settled).endObject();
    int status = settled == leases.size() ? 200 : settled == 0 ? CONFLICT : MULTI_STATUS;
    return WebAnswer.json(status, json.bytes());
  }
}
