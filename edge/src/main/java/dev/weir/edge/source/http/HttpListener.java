package dev.weir.edge.source.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.SourceMeter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The listener of a source that is spoken to by HTTP. Each request runs on a virtual thread of its
/// own, `weir-source-NAME-N`; the listener's one thread is the JDK's. Refusals are counted and
/// answered as the endpoint says.
public final class HttpListener implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /// When to come again, in seconds: a spool drains within seconds once its core is back, and a
  /// client that asks once a second costs nothing.
  private static final String RETRY_AFTER_SECONDS = "1";

  private static final HttpProblem STOPPING =
      new HttpProblem(
          503,
          ErrorCode.CONNECTION_LOST,
          "The edge is being stopped.",
          Map.of("Connection", "close"));

  private final HttpServer server;
  private final ExecutorService requests;
  private final SourceMeter meter;
  private final HttpEndpoint endpoint;
  private final long closeWaitNanos;

  /// One party for each request and one until the listener is closed.
  private final Phaser underWay = new Phaser(1);

  private volatile boolean isClosed;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @throws WeirException with ADDRESS_IN_USE or USAGE when the address cannot be had
  public HttpListener(
      String name,
      InetSocketAddress listen,
      HttpLimits limits,
      SourceMeter meter,
      HttpEndpoint endpoint) {
    limitRequests(limits.requestTimeout().toSeconds());
    this.server = bind(listen);
    this.requests =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("weir-source-" + name + "-", 0).factory());
    this.meter = meter;
    this.endpoint = endpoint;
    this.closeWaitNanos = Math.min(limits.ackTimeout().toNanos(), CLOSE_WAIT.toNanos());
    server.setExecutor(requests);
    server.createContext("/", this::handle);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public void start() {
    server.start();
  }

  /// Requests under way are answered first, within five seconds; new ones get 503. Idempotent.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    underWay.arriveAndDeregister();
    try {
      underWay.awaitAdvanceInterruptibly(0, closeWaitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      // Their clients get no answer and have to ask again.
    }
    server.stop(0);
    requests.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
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
    HttpAnswer answer;
    try {
      answer = endpoint.answer(exchange);
    } catch (WeirException e) {
      refuse(exchange, HttpProblem.of(e));
      return;
    } catch (HttpRefusal e) {
      refuse(exchange, e.problem());
      return;
    } catch (InterruptedException e) {
      refuse(exchange, STOPPING);
      return;
    }
    send(exchange, answer);
  }

  private void refuse(HttpExchange exchange, HttpProblem problem) throws IOException {
    meter.refused();
    meter.detail(problem.code().label() + ": " + problem.detail());
    HttpAnswer answer = endpoint.refusal(exchange, problem);
    if (answer.isRetryable()) {
      exchange.getResponseHeaders().set("Retry-After", RETRY_AFTER_SECONDS);
    }
    if (problem.status() == 413) {
      exchange.getResponseHeaders().set("Connection", "close"); // The rest is not read.
    }
    send(exchange, answer);
  }

  private static void send(HttpExchange exchange, HttpAnswer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    Bytes body = answer.body();
    if (!answer.contentType().isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    }
    boolean hasBody = !body.isEmpty() && !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), hasBody ? body.length() : -1);
    if (hasBody) {
      exchange.getResponseBody().write(body.array(), body.arrayOffset(), body.length());
    }
  }

  /// The JDK's server knows these bounds only as properties of the process, read when the first
  /// server is made; what an operator set stands. Without a bound on the time of a request, clients
  /// that send a byte now and then hold a connection each for ever; without `nodelay` each answer
  /// waits for the client's delayed ack.
  private static void limitRequests(long requestSeconds) {
    setIfAbsent("sun.net.httpserver.maxReqTime", Long.toString(requestSeconds));
    setIfAbsent("sun.net.httpserver.nodelay", "true");
    setIfAbsent("jdk.httpserver.maxConnections", "1024"); // A file each, of the process's limit.
  }

  private static void setIfAbsent(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static HttpServer bind(InetSocketAddress listen) {
    try {
      return HttpServer.create(listen, 0);
    } catch (BindException e) {
      throw new WeirException(ErrorCode.ADDRESS_IN_USE, listen + " cannot be listened on.", e);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.USAGE, listen + ": " + e.getMessage(), e);
    }
  }
}
