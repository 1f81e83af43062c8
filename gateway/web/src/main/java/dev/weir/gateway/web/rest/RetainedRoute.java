package dev.weir.gateway.web.rest;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.RetainedMessage;
import dev.weir.broker.RetainedPage;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// What topics said last. Called on virtual threads.
public final class RetainedRoute {
  public static final int MAX_MESSAGES = 1_000;
  public static final int DEFAULT_MESSAGES = 100;

  /// Each holds up to 32 MiB.
  private static final int MAX_READERS = 4;

  private final Semaphore readers = new Semaphore(MAX_READERS);

  /// `GET /v1/retained`: a page of retained messages, by topic.
  public WebAnswer page(WebRequest request) throws InterruptedException {
    request.allow("filter", "after", "limit");
    TopicFilter filter = request.one("filter").map(TopicFilter::parse).orElse(TopicFilter.ALL);
    int limit = request.number("limit", 1, MAX_MESSAGES, DEFAULT_MESSAGES);
    String after = request.one("after").orElse("");
    if (!readers.tryAcquire()) {
      throw new WeirException(
          ErrorCode.OVERLOADED,
          "There are " + MAX_READERS + " who look at retained messages already.");
    }
    try {
      return answer(request.caller().broker().retained(filter, after, limit));
    } catch (IOException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "Retained messages cannot be read: " + e.getMessage() + ".", e);
    } finally {
      readers.release();
    }
  }

  private static WebAnswer answer(RetainedPage page) {
    JsonText json = new JsonText().beginObject().beginArray("messages");
    for (RetainedMessage kept : page.messages()) {
      MessageJson.write(
              json.beginObject(),
              kept.message(),
              kept.position(),
              kept.storedMicros(),
              Optional.empty())
          .endObject();
    }
    json.endArray();
    if (!page.isLast()) {
      json.put("after", page.after());
    }
    return WebAnswer.json(200, json.endObject().bytes());
  }
}
