package dev.weir.edge.source.otlp;

import com.google.rpc.Status;
import com.sun.net.httpserver.HttpExchange;
import dev.weir.base.Bytes;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.http.BodyEncoding;
import dev.weir.edge.source.http.HttpAnswer;
import dev.weir.edge.source.http.HttpEndpoint;
import dev.weir.edge.source.http.HttpProblem;
import dev.weir.edge.source.http.HttpRefusal;
import dev.weir.edge.source.http.RequestBodies;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// OTLP over HTTP/1.1, as protobuf or JSON, on the paths `/v1/logs`, `/v1/metrics` and `/v1/traces`
/// (OTLP specification 1.x, "OTLP/HTTP"); stored as it comes.
///
/// Ack rule: as [OtlpSource]; 200 for OK, 429 with `Retry-After` when there is no room, 503 with
/// `Retry-After` when the fsync did not come in time, 400 for what no reader could decode, 413 for
/// what is too large. Every refusal carries a `google.rpc.Status` in the request's own format.
final class OtlpHttpExports implements HttpEndpoint {
  private static final Bytes JSON_OK = Bytes.utf8("{}");

  private final OtlpIngest ingest;
  private final RequestBodies bodies;

  OtlpHttpExports(OtlpHttpConfig config, SourceContext context, SourceMeter meter) {
    this.ingest = new OtlpIngest(config.topic(), context, meter, config.limits().ackTimeout());
    this.bodies =
        new RequestBodies(
            config.limits(), List.of(BodyEncoding.GZIP, BodyEncoding.ZSTD, BodyEncoding.IDENTITY));
  }

  @Override
  public HttpAnswer answer(HttpExchange exchange) throws IOException, InterruptedException {
    String path = String.valueOf(exchange.getRequestURI().getPath());
    OtlpSignal signal =
        OtlpSignal.ofPath(path)
            .orElseThrow(() ->
                HttpRefusal.unknownPath(
                    path + " is unknown; POST to /v1/logs, /v1/metrics or /v1/traces."));
    if (!exchange.getRequestMethod().equals("POST")) {
      throw HttpRefusal.unknownMethod(exchange.getRequestMethod(), "POST");
    }
    String contentType = contentType(exchange);
    if (!contentType.equals(OtlpIngest.PROTOBUF) && !contentType.equals(OtlpIngest.JSON)) {
      throw HttpRefusal.unsupported(
          "Content type '" + contentType + "' is not taken, only " + TYPES + ".",
          Map.of("Accept", TYPES));
    }
    BodyEncoding encoding = bodies.encoding(exchange);
    ingest.requireRoom();
    try (RequestBodies.Body body = bodies.read(exchange, encoding)) {
      ingest.take(signal, contentType, body.bytes());
    }
    boolean isJson = contentType.equals(OtlpIngest.JSON);
    return HttpAnswer.of(200, contentType, isJson ? JSON_OK : Bytes.EMPTY);
  }

  private static final String TYPES = OtlpIngest.PROTOBUF + ", " + OtlpIngest.JSON;

  private static String contentType(HttpExchange exchange) {
    String header =
        String.valueOf(
            exchange.getRequestHeaders().getOrDefault("Content-Type", List.of("")).getFirst());
    return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /// JSON to who sent JSON, protobuf to everyone else.
  @Override
  public HttpAnswer refusal(HttpExchange exchange, HttpProblem problem) {
    Status status = OtlpStatus.of(problem.code(), problem.detail());
    boolean isJson = contentType(exchange).equals(OtlpIngest.JSON);
    return new HttpAnswer(
        problem.status(),
        isJson ? OtlpIngest.JSON : OtlpIngest.PROTOBUF,
        isJson ? OtlpStatus.json(status) : Bytes.wrap(status.toByteArray()),
        problem.headers());
  }
}
