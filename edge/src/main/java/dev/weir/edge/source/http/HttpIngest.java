package dev.weir.edge.source.http;

import com.sun.net.httpserver.HttpExchange;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.WaitedStore;
import dev.weir.message.Message;
import java.io.IOException;
import java.util.List;

/// Stores the messages of bodies sent by POST or PUT.
///
/// Ack rule: 200 is answered when every message of the request is on disk, and not before. When
/// that cannot be, the answer is an error and the client keeps the message: 429 when the spool or
/// its disk is full (nothing was stored), 503 when the fsync did not come in time (it may still be
/// stored: send again with the same `Idempotency-Key`).
final class HttpIngest implements HttpEndpoint {
  private final Clock clock;
  private final HttpMessages messages;
  private final RequestBodies bodies;
  private final WaitedStore store;

  HttpIngest(HttpConfig config, SourceContext context, SourceMeter meter) {
    this.clock = context.clock();
    this.messages = new HttpMessages(config.topic(), config.maxMessage().bytes());
    this.bodies =
        new RequestBodies(config.limits(), List.of(BodyEncoding.GZIP, BodyEncoding.IDENTITY));
    this.store = new WaitedStore(context, meter, config.limits().ackTimeout());
  }

  @Override
  public HttpAnswer answer(HttpExchange exchange) throws IOException, InterruptedException {
    String method = exchange.getRequestMethod();
    if (!method.equals("POST") && !method.equals("PUT")) {
      throw HttpRefusal.unknownMethod(method, "POST, PUT");
    }
    String path = String.valueOf(exchange.getRequestURI().getPath());
    if (!path.equals("/") && !path.startsWith("/topics/")) {
      throw HttpRefusal.unknownPath(path + " is unknown; POST to / or /topics/NAME.");
    }
    BodyEncoding encoding = bodies.encoding(exchange);
    String topic = messages.topic(path);
    store.requireRoom();
    try (RequestBodies.Body body = bodies.read(exchange, encoding)) {
      List<Message> read =
          messages.read(topic, exchange.getRequestHeaders(), body.bytes(), clock.epochMicros());
      if (!read.isEmpty()) {
        store.store(read);
      }
      String text = "{\"messages\":" + read.size() + ",\"durability\":\"durable\"}\n";
      return HttpAnswer.of(200, "application/json", Bytes.utf8(text));
    }
  }
}
