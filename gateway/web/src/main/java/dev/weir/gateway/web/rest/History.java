package dev.weir.gateway.web.rest;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Subscription;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.broker.TopicListing;
import dev.weir.broker.TopicStatistics;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.Texts;
import dev.weir.message.Cursor;
import dev.weir.message.TopicFilter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What is stored: pages of messages, and the topics. Called on virtual threads.
public final class History {
  public static final int MAX_PAGE_MESSAGES = 1_000;
  public static final int DEFAULT_PAGE_MESSAGES = 100;
  public static final int MAX_TOPICS = 10_000;
  private static final int DEFAULT_TOPICS = 1_000;

  private final Clock clock;
  private final WebLimits limits;

  public History(Clock clock, WebLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  /// `GET /v1/topics/{topic...}`: a page of what was published under a topic or filter.
  public WebAnswer page(WebRequest request) throws InterruptedException {
    request.allow("from", "limit");
    int limit = request.number("limit", 1, MAX_PAGE_MESSAGES, DEFAULT_PAGE_MESSAGES);
    TopicFilter filter = TopicFilter.parse(request.captured("topic"));
    String from = request.one("from").orElse("first");
    SubscriptionRequest wanted =
        new SubscriptionRequest(List.of(filter), Texts.start(from, clock), true, false);
    Page page = new Page(limit);
    Subscription subscription = request.caller().broker().subscribe(wanted, page);
    try {
      subscription.grant(limit);
      if (!page.await(limits.answer())) {
        throw new WeirException(
            ErrorCode.TIMED_OUT,
            "The log was not read within " + limits.answer().toSeconds() + " s.");
      }
    } finally {
      subscription.close();
    }
    WebAnswer answer = WebAnswer.json(200, page.finish().bytes());
    Optional<Cursor> next = page.next();
    return next.isEmpty() ? answer : answer.with("link", link(request, next.get(), limit));
  }

  /// The next page as RFC 8288 writes it.
  private static String link(WebRequest request, Cursor next, int limit) {
    String path =
        URLEncoder.encode(request.captured("topic"), StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("%2F", "/");
    return "</v1/topics/" + path + "?from=" + next.token() + "&limit=" + limit + ">; rel=\"next\"";
  }

  /// `GET /v1/topics`: what was published since the core started, by topic.
  public WebAnswer topics(WebRequest request) {
    request.allow("filter", "limit");
    TopicFilter filter = request.one("filter").map(TopicFilter::parse).orElse(TopicFilter.ALL);
    int limit = request.number("limit", 1, MAX_TOPICS, DEFAULT_TOPICS);
    TopicListing listing = request.caller().broker().topics(filter, limit);
    JsonText json = new JsonText().beginObject().beginArray("topics");
    for (TopicStatistics topic : listing.topics()) {
      json.beginObject()
          .put("topic", topic.topic())
          .put("messages", topic.messages())
          .put("bytes", topic.bytes())
          .put("last", Texts.time(topic.lastMicros()))
          .endObject();
    }
    json.endArray().put("complete", listing.isComplete()).endObject();
    return WebAnswer.json(200, json.bytes());
  }
}
