package dev.weir.edge.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Answers requests; each call runs on a virtual thread of its own and may block.
final class HttpRequests implements HttpHandler {
  /// When to come again, in seconds: a spool drains within seconds once its core is back, and a
  /// client that asks once a second costs nothing.
  private static final String RETRY_AFTER_SECONDS = "1";

  private static final HttpProblem STOPPING =
      new HttpProblem(503, ErrorCode.CONNECTION_LOST, "The edge is being stopped.");

  private final HttpConfig config;
  private final Admission admission;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private final HttpMessages messages;
  private final Semaphore inFlightBytes;

  /// One party for each request and one until the source is closed.
  private final Phaser underWay = new Phaser(1);

  private volatile boolean isClosed;

  HttpRequests(
      HttpConfig config, Admission admission, Intake intake, Clock clock, SourceMeter meter) {
    this.config = config;
    this.admission = admission;
    this.intake = intake;
    this.clock = clock;
    this.meter = meter;
    this.messages = new HttpMessages(config.topic(), config.maxMessage().bytes());
    this.inFlightBytes = new Semaphore(config.maxInFlight().intBytes());
  }

  /// Refuses new requests and waits for those under way.
  void close(long waitNanos) {
    isClosed = true;
    underWay.arriveAndDeregister();
    try {
      underWay.awaitAdvanceInterruptibly(0, waitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // Their clients get no answer and have to ask again.
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (isClosed || underWay.register() < 0) {
        refuse(exchange, STOPPING);
        return;
      }
      try {
        handleCounted(exchange);
      } finally {
        underWay.arriveAndDeregister();
      }
    }
  }

  private void handleCounted(HttpExchange exchange) throws IOException {
    try {
      handleOrThrow(exchange);
    } catch (WeirException e) {
      refuse(exchange, HttpProblem.of(e));
    } catch (InterruptedException e) {
      refuse(exchange, STOPPING);
    }
  }

  private void handleOrThrow(HttpExchange exchange) throws IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    if (!method.equals("POST") && !method.equals("PUT")) {
      exchange.getResponseHeaders().set("Allow", "POST, PUT");
      refuse(exchange, new HttpProblem(405, ErrorCode.USAGE, method + " is not taken here."));
      return;
    }
    String path = String.valueOf(exchange.getRequestURI().getPath());
    if (!path.equals("/") && !path.startsWith("/topics/")) {
      refuse(
          exchange,
          new HttpProblem(404, ErrorCode.USAGE, path + " is unknown; POST to / or /topics/NAME."));
      return;
    }
    @Nullable String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    boolean isGzip = "gzip".equalsIgnoreCase(encoding);
    if (encoding != null && !isGzip && !encoding.equalsIgnoreCase("identity")) {
      exchange.getResponseHeaders().set("Accept-Encoding", "gzip, identity");
      refuse(
          exchange,
          new HttpProblem(415, ErrorCode.MALFORMED, "Encoding " + encoding + " is unknown."));
      return;
    }
    String topic = messages.topic(path);
    Optional<WeirException> refusal = admission.refusal();
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    take(exchange, topic, isGzip);
  }

  private void take(HttpExchange exchange, String topic, boolean isGzip)
      throws IOException, InterruptedException {
    int reserved = isGzip ? config.maxBody().intBytes() : announced(exchange);
    if (!inFlightBytes.tryAcquire(reserved)) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "Requests of " + config.maxInFlight() + " are under way already.");
    }
    try {
      Bytes body = body(exchange, isGzip);
      List<Message> read =
          messages.read(topic, exchange.getRequestHeaders(), body, clock.epochMicros());
      if (!read.isEmpty()) {
        store(read);
      }
      answer(
          exchange,
          200,
          "application/json",
          "{\"messages\":" + read.size() + ",\"durability\":\"durable\"}\n");
    } finally {
      inFlightBytes.release(reserved);
    }
  }

  /// What the body will take: as announced, else the most that is taken.
  private int announced(HttpExchange exchange) {
    @Nullable String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (length == null) {
      return config.maxBody().intBytes();
    }
    long bytes;
    try {
      bytes = Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "Content-Length '" + length + "' is not a number.", e);
    }
    if (bytes > config.maxBody().bytes()) {
      throw tooLarge();
    }
    return (int) Math.max(0, bytes);
  }

  private Bytes body(HttpExchange exchange, boolean isGzip) throws IOException {
    int limit = config.maxBody().intBytes();
    byte[] body;
    try (InputStream raw = exchange.getRequestBody();
        InputStream in = isGzip ? new GZIPInputStream(raw) : raw) {
      body = in.readNBytes(limit + 1);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw new WeirException(ErrorCode.MALFORMED, "The body is not gzip.", e);
    }
    if (body.length > limit) {
      throw tooLarge();
    }
    return Bytes.wrap(body);
  }

  private void store(List<Message> read) throws InterruptedException {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    Delivery delivery = Delivery.of(read, Map.of(), new Completion(durable));
    if (!intake.offer(delivery)) {
      throw isClosed || intake.isClosed()
          ? new WeirException(ErrorCode.CONNECTION_LOST, "The edge is being stopped.")
          : new WeirException(ErrorCode.OVERLOADED, "The queue to the spool is full.");
    }
    try {
      durable.get(config.ackTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof WeirException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new WeirException(
          ErrorCode.TIMED_OUT,
          "The fsync did not come within "
              + config.ackTimeout().toMillis()
              + " ms; the messages may still be stored.",
          e);
    }
    Deliveries.count(meter, delivery);
  }

  private void refuse(HttpExchange exchange, HttpProblem problem) throws IOException {
    meter.refused();
    meter.detail(problem.code().label() + ": " + problem.detail());
    if (problem.isRetryable()) {
      exchange.getResponseHeaders().set("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (problem.status() == 413) {
      exchange.getResponseHeaders().set("Connection", "close"); // The rest is not read.
    }
    answer(exchange, problem.status(), "application/problem+json", problem.json());
  }

  private static void answer(HttpExchange exchange, int status, String contentType, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
    if (!isHead) {
      exchange.getResponseBody().write(body);
    }
  }

  private WeirException tooLarge() {
    return new WeirException(
        ErrorCode.TOO_LARGE, "The body is larger than " + config.maxBody() + ".");
  }

  private record Completion(CompletableFuture<Void> future) implements DeliveryListener {
    @Override
    public void durable() {
      future.complete(null);
    }

    @Override
    public void failed(WeirException cause) {
      future.completeExceptionally(cause);
    }
  }
}
