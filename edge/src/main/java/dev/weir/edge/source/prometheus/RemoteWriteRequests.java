package dev.weir.edge.source.prometheus;

import com.sun.net.httpserver.HttpExchange;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.WaitedStore;
import dev.weir.edge.source.http.BodyEncoding;
import dev.weir.edge.source.http.HttpAnswer;
import dev.weir.edge.source.http.HttpEndpoint;
import dev.weir.edge.source.http.HttpProblem;
import dev.weir.edge.source.http.HttpRefusal;
import dev.weir.edge.source.http.RequestBodies;
import dev.weir.edge.source.prometheus.RemoteWriteVersion.Counts;
import dev.weir.message.Message;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The path `/api/v1/write` (prometheus.io/docs/specs/prw). Of a request becomes one message:
///
/// | of the message | is |
/// |---|---|
/// | content type | `application/x-protobuf;proto=` and the name of its message type |
/// | headers | `remote-write` (`1.0` or `2.0`), `series`, `samples`, `histograms`, `exemplars` |
/// | id | 128 bits of the SHA-256 of the body |
/// | body | the request, decompressed, else untouched |
///
/// Ack rule: 204 is answered when the request is on disk, and not before. When that cannot be, the
/// answer is 503 with `Retry-After` and the sender keeps its samples: 503 also when there is no
/// room, since senders of 1.0 take a 429 for final unless told otherwise. 400, 413 and 415 are
/// final. A request that is sent again because its answer was lost has the same bytes, and so the
/// same id, by which the core stores it once.
final class RemoteWriteRequests implements HttpEndpoint {
  private static final String PATH = "/api/v1/write";
  private static final String WRITTEN = "X-Prometheus-Remote-Write-%s-Written";
  private static final int ID_BYTES = 16;

  /// Decoded as a whole: the block says how large it becomes.
  private static final BodyEncoding SNAPPY = new BodyEncoding("snappy", raw -> raw);

  private final String topic;
  private final int maxBodyBytes;
  private final Clock clock;
  private final RequestBodies bodies;
  private final WaitedStore store;

  RemoteWriteRequests(RemoteWriteConfig config, SourceContext context, SourceMeter meter) {
    this.topic = config.topic();
    this.maxBodyBytes = config.limits().maxBody().intBytes();
    this.clock = context.clock();
    this.bodies = new RequestBodies(config.limits(), List.of(SNAPPY));
    this.store = new WaitedStore(context, meter, config.limits().ackTimeout());
  }

  @Override
  public HttpAnswer answer(HttpExchange exchange) throws IOException, InterruptedException {
    String path = String.valueOf(exchange.getRequestURI().getPath());
    if (!path.equals(PATH)) {
      throw HttpRefusal.unknownPath(path + " is unknown; POST to " + PATH + ".");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      throw HttpRefusal.unknownMethod(exchange.getRequestMethod(), "POST");
    }
    RemoteWriteVersion version = version(exchange);
    BodyEncoding encoding = bodies.encoding(exchange);
    store.requireRoom();
    try (RequestBodies.Body packed = bodies.read(exchange, encoding)) {
      Bytes body = SnappyBlock.decode(packed.bytes(), maxBodyBytes);
      packed.reservation().grow(body.length());
      Counts counts = version.check(body);
      store.store(List.of(message(version, counts, body)));
      return new HttpAnswer(204, "", Bytes.EMPTY, written(counts));
    }
  }

  private static RemoteWriteVersion version(HttpExchange exchange) {
    String contentType =
        String.valueOf(
            exchange.getRequestHeaders().getOrDefault("Content-Type", List.of("")).getFirst());
    return RemoteWriteVersion.ofContentType(contentType)
        .orElseThrow(() -> {
          String types =
              RemoteWriteVersion.V1.contentType() + ", " + RemoteWriteVersion.V2.contentType();
          return HttpRefusal.unsupported(
              "Content type '" + contentType + "' is not taken, only " + types + ".",
              Map.of("Accept", types));
        });
  }

  private Message message(RemoteWriteVersion version, Counts counts, Bytes body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("remote-write", version.label());
    headers.put("series", Integer.toString(counts.seriesCount()));
    headers.put("samples", Integer.toString(counts.sampleCount()));
    headers.put("histograms", Integer.toString(counts.histogramCount()));
    headers.put("exemplars", Integer.toString(counts.exemplarCount()));
    return Message.of(topic, body)
        .withTimeMicros(clock.epochMicros())
        .withContentType(version.contentType())
        .withHeaders(headers)
        .withId(digest(body));
  }

  /// Equal bytes are equal samples: storing them once loses nothing.
  private static Bytes digest(Bytes body) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(body.array(), body.arrayOffset(), body.length());
      return Bytes.wrap(sha.digest(), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /// What 2.0 wants told; senders of 1.0 pass it over.
  private static Map<String, String> written(Counts counts) {
    return Map.of(
        WRITTEN.formatted("Samples"), Integer.toString(counts.sampleCount()),
        WRITTEN.formatted("Histograms"), Integer.toString(counts.histogramCount()),
        WRITTEN.formatted("Exemplars"), Integer.toString(counts.exemplarCount()));
  }

  /// Text for people, as senders log it; 503 where a 429 would make senders of 1.0 drop samples.
  @Override
  public HttpAnswer refusal(HttpExchange exchange, HttpProblem problem) {
    int status = problem.status() == 429 ? 503 : problem.status();
    String text = problem.code().label() + ": " + problem.detail() + "\n";
    return new HttpAnswer(status, "text/plain; charset=utf-8", Bytes.utf8(text), problem.headers());
  }
}
