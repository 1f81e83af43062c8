package dev.weir.edge.source.otlp;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.JsonText;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.WaitedStore;
import dev.weir.edge.source.protobuf.Utf8;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Stores export requests as they came: a message a request.
///
/// | of the message | is |
/// |---|---|
/// | topic | the source's and the signal: `otlp/logs` |
/// | content type | `application/x-protobuf` or `application/json` |
/// | header `signal` | `logs`, `metrics` or `traces` |
/// | body | the `Export…ServiceRequest`, decompressed, else untouched |
final class OtlpIngest {
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  private final String topic;
  private final Clock clock;
  private final WaitedStore store;

  OtlpIngest(String topic, SourceContext context, SourceMeter meter, Duration ackTimeout) {
    this.topic = topic;
    this.clock = context.clock();
    this.store = new WaitedStore(context, meter, ackTimeout);
  }

  /// @throws WeirException with the reason why there is no room
  void requireRoom() {
    store.requireRoom();
  }

  /// Returns when the request is on disk.
  ///
  /// @throws WeirException with MALFORMED when a reader could not decode it, else as
  ///   [WaitedStore#store]
  void take(OtlpSignal signal, String contentType, Bytes request) throws InterruptedException {
    if (contentType.equals(JSON)) {
      checkJson(request);
    } else {
      signal.check(request);
    }
    Message message =
        Message.of(topic + "/" + signal.label(), request)
            .withTimeMicros(clock.epochMicros())
            .withContentType(contentType)
            .withHeaders(Map.of("signal", signal.label()));
    store.store(List.of(message));
  }

  private static void checkJson(Bytes request) {
    JsonText.check(request);
    int first = 0;
    while (" \t\r\n".indexOf(request.at(first)) >= 0) {
      first++;
    }
    if (request.at(first) != '{') {
      throw new WeirException(ErrorCode.MALFORMED, "The request is not a JSON object.");
    }
    int from = request.arrayOffset();
    if (Utf8.firstInvalid(request.array(), from, from + request.length()) >= 0) {
      throw new WeirException(ErrorCode.MALFORMED, "The JSON text is not UTF-8.");
    }
  }
}
