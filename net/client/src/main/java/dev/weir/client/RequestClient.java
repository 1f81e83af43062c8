package dev.weir.client;

import dev.weir.base.Checks;
import dev.weir.message.Message;
import dev.weir.proto.v1.RequestRequest;
import dev.weir.proto.v1.RequestsGrpc;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/// Requests of a client, and those who answer in it. Any thread.
final class RequestClient {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /// The core's own word on the deadline tells more than gRPC's: it is waited for a little longer.
  private static final long GRACE_MILLIS = 1_000;

  private static final long MAX_TIMEOUT_MILLIS = 600_000;

  private final Channels channels;
  private final int firstTarget;
  private final Executor callbacks;
  private final Function<Supplier<ServeSession>, Redial<ServeSession>> redials;
  private final Set<Responder> responders = ConcurrentHashMap.newKeySet();

  /// @param redials makes what connects again and again, from what makes calls
  RequestClient(
      Channels channels,
      int firstTarget,
      Executor callbacks,
      Function<Supplier<ServeSession>, Redial<ServeSession>> redials) {
    this.channels = channels;
    this.firstTarget = firstTarget;
    this.callbacks = callbacks;
    this.redials = redials;
  }

  CompletableFuture<Message> ask(Message message, Duration timeout) {
    Checks.range("timeout milliseconds", timeout.toMillis(), 1, MAX_TIMEOUT_MILLIS);
    AskedRequest asked = new AskedRequest(callbacks);
    RequestsGrpc.newStub(channels.at(firstTarget))
        .withDeadlineAfter(timeout.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .request(
            RequestRequest.newBuilder()
                .setMessage(QueueWords.message(message))
                .setTimeoutMillis(timeout.toMillis())
                .build(),
            asked);
    return asked.answer();
  }

  Responder respond(RespondOptions options, RequestHandler handler) {
    Responder responder = new Responder(options, handler, callbacks, redials, responders::remove);
    responders.add(responder);
    responder.start();
    return responder;
  }

  void close() {
    responders.forEach(Responder::close);
  }
}
