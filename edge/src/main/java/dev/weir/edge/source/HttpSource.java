package dev.weir.edge.source;

import com.sun.net.httpserver.HttpServer;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Messages by POST or PUT. Each request runs on a virtual thread of its own; the listener's one
/// thread is the JDK's.
///
/// Ack rule: 200 is answered when every message of the request is on disk, and not before. When
/// that cannot be, the answer is an error and the client keeps the message: 429 when the spool or
/// its disk is full (nothing was stored), 503 when the fsync did not come in time (it may still be
/// stored: send again with the same `Idempotency-Key`).
public final class HttpSource implements Source {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final HttpConfig config;
  private final SourceMeter meter;
  private final HttpServer server;
  private final ExecutorService requests;
  private final HttpRequests handler;

  /// Takes the address; nothing is answered before [#start].
  ///
  /// @throws WeirException with ADDRESS_IN_USE or USAGE when the address cannot be had
  public HttpSource(HttpConfig config, Admission admission, Intake intake, Clock clock) {
    this.config = config;
    this.meter = new SourceMeter(config.name(), "http");
    limitRequests(config.requestTimeout().toSeconds());
    this.server = bind(config);
    this.requests =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("weir-source-" + config.name() + "-", 0).factory());
    server.setExecutor(requests);
    this.handler = new HttpRequests(config, admission, intake, clock, meter);
    server.createContext("/", handler);
  }

  @Override
  public OptionalInt port() {
    return OptionalInt.of(server.getAddress().getPort());
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void start() {
    meter.state(SourceState.RUNNING);
    server.start();
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  /// Requests under way are answered first, within five seconds; new ones get 503.
  @Override
  public void close() {
    if (meter.state() != SourceState.CLOSED) {
      meter.state(SourceState.CLOSED);
      handler.close(Math.min(config.ackTimeout().toNanos(), CLOSE_WAIT.toNanos()));
      server.stop(0);
      requests.shutdownNow();
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

  private static HttpServer bind(HttpConfig config) {
    try {
      return HttpServer.create(config.listen(), 0);
    } catch (BindException e) {
      throw new WeirException(
          ErrorCode.ADDRESS_IN_USE, config.listen() + " cannot be listened on.", e);
    } catch (IOException e) {
      throw new WeirException(ErrorCode.USAGE, config.listen() + ": " + e.getMessage(), e);
    }
  }
}
