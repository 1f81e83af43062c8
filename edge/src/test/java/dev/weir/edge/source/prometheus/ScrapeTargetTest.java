package dev.weir.edge.source.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.edge.source.ContextRig;
import dev.weir.edge.source.InFlightBytes;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ScrapeTargetTest {
  private final ContextRig rig = new ContextRig();
  private final HttpClient client = HttpClient.newHttpClient();
  private final SourceMeter meter =
      new SourceMeter(
          "scrape",
          "scrape",
          SourceFault.MALFORMED,
          SourceFault.OVERSIZE,
          SourceFault.CONNECTION_FAILED);
  private final InFlightBytes inFlight = new InFlightBytes(new ByteSize(30_000));
  private final CountDownLatch isOver = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    isOver.countDown();
    client.shutdownNow();
    client.close();
    server.stop(0);
  }

  @Test
  void scrapesAPageAndSaysHowItWent() throws InterruptedException {
    serve("/metrics", text("text/plain; version=0.0.4", "a 1\nb{job=\"own\"} 2 77\n"));

    Message message = scrape("/metrics", Duration.ofSeconds(10));

    String ours = "instance=\"" + instance() + "\",job=\"test\"";
    long millis = rig.clock.epochMicros() / 1000;
    assertThat(message.body().utf8())
        .isEqualTo(
            """
            a{OURS} 1 TIME
            b{OURS,exported_job="own"} 2 77
            up{OURS} 1 TIME
            scrape_duration_seconds{OURS} 0.000000 TIME
            scrape_samples_scraped{OURS} 2 TIME
            """
                .replace("OURS", ours)
                .replace("TIME", Long.toString(millis)));
    assertThat(message.topic()).isEqualTo("site/metrics");
    assertThat(message.key()).isEqualTo(Bytes.utf8(instance()));
    assertThat(message.contentType()).isEqualTo("text/plain; version=0.0.4");
    assertThat(message.headers()).isEqualTo(Map.of("instance", instance(), "job", "test"));
    assertThat(message.timeMicros()).isEqualTo(rig.clock.epochMicros());
    assertThat(meter.stats().refusedCount()).isZero();
  }

  @Test
  void asksForTextAndTakesOpenMetricsAndGzip() throws InterruptedException {
    serve(
        "/metrics",
        exchange -> {
          assertThat(exchange.getRequestHeaders().getFirst("Accept"))
              .startsWith("text/plain;version=0.0.4;q=1,application/openmetrics-text");
          exchange.getResponseHeaders().set("Content-Type", "application/openmetrics-text");
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, 0);
          try (GZIPOutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
            out.write("# TYPE x counter\nx_total 5 1.5\n# EOF\n".getBytes(StandardCharsets.UTF_8));
          }
        });

    assertThat(scrape("/metrics", Duration.ofSeconds(10)).body().utf8())
        .startsWith("# TYPE x_total counter\nx_total{instance=")
        .contains("} 5 1500\nup{");
  }

  @Test
  void isDownForWhatCannotBeReadAndHarmsNoOtherTarget() throws InterruptedException {
    serve("/good", text("text/plain", "good 1\n"));
    serve("/html", text("text/html", "<html>hello</html>"));
    serve("/half", text("application/openmetrics-text", "a 1\n"));
    serve("/latin", exchange -> send(exchange, new byte[] {'a', '{', 'b', '=', '"', -1, '"'}));
    serve("/large", text("text/plain", "a 1\n".repeat(3000)));
    serve("/bomb", exchange -> send(exchange, gzip(new byte[1 << 20]), "gzip"));
    serve("/nogzip", exchange -> send(exchange, new byte[100], "gzip"));
    serve("/error", exchange -> exchange.sendResponseHeaders(500, -1));
    serve(
        "/cut",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          exchange.close();
        });

    for (String path : List.of("/html", "/half", "/latin", "/nogzip")) {
      assertDown(path, SourceFault.MALFORMED);
    }
    assertDown("/large", SourceFault.OVERSIZE);
    assertDown("/bomb", SourceFault.OVERSIZE);
    assertDown("/error", SourceFault.CONNECTION_FAILED);
    assertDown("/cut", SourceFault.CONNECTION_FAILED);
    assertThat(meter.stats().refusedCount()).isEqualTo(8);
    assertThat(scrape("/good", Duration.ofSeconds(10)).body().utf8())
        .contains("good{")
        .contains("} 1 ");
  }

  @Test
  void isDownWhenTheAnswerDoesNotComeInTime() throws InterruptedException {
    serve(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          awaitEnd();
        });

    String body = scrape("/slow", Duration.ofMillis(200)).body().utf8();

    assertThat(body).startsWith("up{").contains("} 0 ").doesNotContain("\na{");
    assertThat(meter.stats().detail()).contains("did not answer in 200 ms");
  }

  @Test
  void isDownWhenNobodyListens() throws InterruptedException {
    int port = server.getAddress().getPort();
    server.stop(0);
    URI target = URI.create("http://127.0.0.1:" + port + "/metrics");

    assertThat(scrape(target, Duration.ofSeconds(10)).body().utf8())
        .startsWith("up{")
        .contains("} 0 ");
  }

  @Test
  void givesBackTheMemoryOfEveryPage() throws InterruptedException {
    serve("/metrics", text("text/plain", "a 1\n".repeat(1000)));

    for (int i = 0; i < 10; i++) { // 4 kB each, and 30 kB are there.
      assertThat(scrape("/metrics", Duration.ofSeconds(10)).body().utf8()).contains("up{");
    }
    assertThat(meter.stats().refusedCount()).isZero();
  }

  @Test
  void endsWhenTheIntakeIsClosed() throws InterruptedException {
    serve("/metrics", text("text/plain", "a 1\n"));
    rig.pulled.close();

    assertThat(target(uri("/metrics"), Duration.ofSeconds(10)).scrape()).isFalse();
  }

  private void assertDown(String path, SourceFault fault) throws InterruptedException {
    long before = meter.stats().faults().getOrDefault(fault, 0L);
    String body = scrape(path, Duration.ofSeconds(10)).body().utf8();

    assertThat(body).as(path).startsWith("up{").contains("} 0 ");
    assertThat(body.lines()).as(path).hasSize(3);
    assertThat(meter.stats().faults().get(fault)).as(path).isEqualTo(before + 1);
  }

  private Message scrape(String path, Duration timeout) throws InterruptedException {
    return scrape(uri(path), timeout);
  }

  private Message scrape(URI uri, Duration timeout) throws InterruptedException {
    assertThat(target(uri, timeout).scrape()).isTrue();
    Message first = rig.takePulled().messages().getFirst();
    while (rig.pulled.poll() != null) {} // Later bodies of the page.
    return first;
  }

  private ScrapeTarget target(URI uri, Duration timeout) {
    ScrapeConfig config =
        new ScrapeConfig(
            "scrape",
            "site/metrics",
            List.of(uri),
            "test",
            Duration.ofSeconds(15),
            timeout,
            new ByteSize(10_000));
    ScrapeFetch fetch = new ScrapeFetch(client, timeout, config.maxBody());
    return new ScrapeTarget(uri, config, fetch, inFlight, rig.context(), meter);
  }

  private URI uri(String path) {
    return URI.create("http://" + instance() + path);
  }

  private String instance() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void awaitEnd() {
    try {
      isOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
  }

  private static HttpHandler text(String contentType, String page) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", contentType);
      send(exchange, page.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static void send(HttpExchange exchange, byte[] page, String... encoding)
      throws IOException {
    for (String each : encoding) {
      exchange.getResponseHeaders().set("Content-Encoding", each);
    }
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }
}
