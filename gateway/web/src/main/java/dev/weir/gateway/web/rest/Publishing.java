package dev.weir.gateway.web.rest;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.web.http.Problems;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonReader;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.JsonValue;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.gateway.web.json.Texts;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Publishes one message or several. Called on virtual threads, which it blocks until the messages
/// are durable.
public final class Publishing {
  /// As many as may wait for room in the broker's own queue.
  public static final int MAX_BATCH_MESSAGES = 1_000;

  private static final int MULTI_STATUS = 207;

  private final Receipts receipts;
  private final WebCounters counters;

  public Publishing(Receipts receipts, WebCounters counters) {
    this.receipts = receipts;
    this.counters = counters;
  }

  /// `POST /v1/topics/{topic...}`: the body as it is.
  public WebAnswer one(WebRequest request) throws InterruptedException {
    request.allow();
    Message message = MessageHeaders.read(request, request.captured("topic"));
    return receipt(request.caller().broker().publish(message));
  }

  /// `POST /v1/queues/{name}/messages`: the body as it is, into one queue.
  public WebAnswer toQueue(WebRequest request) throws InterruptedException {
    request.allow();
    Message message = MessageHeaders.read(request, "-");
    return receipt(request.caller().queues().publish(request.captured("name"), message));
  }

  private WebAnswer receipt(CompletionStage<Receipt> outcome) throws InterruptedException {
    return receipt(outcome, 1);
  }

  /// @param count messages that have it together
  private WebAnswer receipt(CompletionStage<Receipt> outcome, int count)
      throws InterruptedException {
    Receipt receipt = receipts.await(outcome);
    counters.published(count);
    JsonText json = new JsonText().beginObject();
    MessageJson.write(json, receipt, receipts.behind(receipt));
    return WebAnswer.json(200, json.endObject().bytes());
  }

  /// `POST /v1/publish`: an array of messages, or a message a line. All are read before the first
  /// is published; each has its own outcome. With `atomic=true` all are stored or none, under one
  /// receipt: that of the first.
  public WebAnswer several(WebRequest request) throws InterruptedException {
    request.allow("atomic");
    List<Message> messages = read(request);
    String atomic = request.one("atomic").orElse("false");
    if (atomic.equals("true")) {
      return receipt(request.caller().broker().publishTogether(messages), messages.size());
    }
    if (!atomic.equals("false")) {
      throw new WeirException(
          ErrorCode.MALFORMED,
          "The parameter 'atomic' is '" + Texts.shown(atomic) + "', expected true or false.");
    }
    Outcomes outcomes = Outcomes.of(messages.size());
    request.caller().broker().publishEach(messages, outcomes);
    JsonText json = new JsonText().beginObject().beginArray("receipts");
    int stored = 0;
    for (CompletionStage<Receipt> outcome : outcomes.each()) {
      json.beginObject();
      try {
        Receipt receipt = receipts.await(outcome);
        MessageJson.write(json, receipt, receipts.behind(receipt));
        stored++;
      } catch (WeirException e) {
        Problems.members(json, e);
      }
      json.endObject();
    }
    counters.published(stored);
    json.endArray().put("stored", stored).endObject();
    return WebAnswer.json(stored == messages.size() ? 200 : MULTI_STATUS, json.bytes());
  }

  private static List<Message> read(WebRequest request) {
    String type = request.header("content-type").orElse(WebAnswer.JSON);
    List<JsonValue> values =
        type.startsWith("application/x-ndjson")
            ? lines(request.body())
            : array(JsonReader.read(request.body()));
    if (values.isEmpty() || values.size() > MAX_BATCH_MESSAGES) {
      throw new WeirException(
          values.isEmpty() ? ErrorCode.MALFORMED : ErrorCode.TOO_LARGE,
          "The body has " + values.size() + " messages, expected 1 to " + MAX_BATCH_MESSAGES + ".");
    }
    String key = MessageHeaders.idempotencyKey(request).utf8();
    List<Message> messages = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      messages.add(message(i, values.get(i), key));
    }
    return messages;
  }

  /// A message without an id of its own has one made of the request's key and its place.
  private static Message message(int index, JsonValue value, String key) {
    try {
      JsonFields fields = JsonFields.of("The value", value);
      Message message = MessageJson.read(fields, "");
      fields.noMore();
      return key.isEmpty() || !message.id().isEmpty()
          ? message
          : message.withId(Bytes.utf8(key + "/" + index));
    } catch (WeirException e) {
      throw new WeirException(e.code(), "Message " + index + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "Message " + index + ": " + e.getMessage() + ".", e);
    }
  }

  private static List<JsonValue> array(JsonValue value) {
    if (value instanceof JsonValue.Items(List<JsonValue> values)) {
      return values;
    }
    throw new WeirException(
        ErrorCode.MALFORMED, "The body is " + value.kind() + ", expected an array of messages.");
  }

  private static List<JsonValue> lines(Bytes body) {
    List<JsonValue> values = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= body.length(); i++) {
      if (i == body.length() || body.at(i) == '\n') {
        Bytes line = body.slice(start, i - start);
        if (!isBlank(line)) {
          values.add(JsonReader.read(line));
        }
        start = i + 1;
        if (values.size() > MAX_BATCH_MESSAGES) {
          return values; // Refused above by their number.
        }
      }
    }
    return values;
  }

  private static boolean isBlank(Bytes line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.at(i) != ' ' && line.at(i) != '\r' && line.at(i) != '\t') {
        return false;
      }
    }
    return true;
  }
}
