package dev.weir.edge.source.otlp;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.JsonText;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.WaitedStore;
import dev.weir.edge.source.protobuf.Utf8;
import dev.weir.message.Compression;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Stores export requests as they came: a message a request, or several of one that a core would
/// not take whole.
///
/// | of the message | is |
/// |---|---|
/// | topic | the source's and the signal: `otlp/logs` |
/// | content type | `application/x-protobuf` or `application/json` |
/// | header `signal` | `logs`, `metrics` or `traces` |
/// | body | the `Export…ServiceRequest`, decompressed, else untouched up to 1008 KiB; a larger one in parts ([OtlpSplit]) |
final class OtlpIngest {
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  /// What fits into a message of a core's default limit of 1 MiB however little it compresses, with
  /// room for what stands around it.
  static final int MAX_MESSAGE_BYTES = (1 << 20) - (16 << 10);

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
  /// @throws WeirException with MALFORMED when a reader could not decode it, TOO_LARGE when no core
  ///   of the default limits takes it, in parts or as JSON compressed, else as [WaitedStore#store]
  void take(OtlpSignal signal, String contentType, Bytes request) throws InterruptedException {
    List<Message> messages = new ArrayList<>();
    for (Bytes part : parts(signal, contentType, request)) {
      messages.add(
          Message.of(topic + "/" + signal.label(), part)
              .withTimeMicros(clock.epochMicros())
              .withContentType(contentType)
              .withHeaders(Map.of("signal", signal.label())));
    }
    store.store(messages);
  }

  private static List<Bytes> parts(OtlpSignal signal, String contentType, Bytes request) {
    if (!contentType.equals(JSON)) {
      signal.check(request);
      return OtlpSplit.split(request, MAX_MESSAGE_BYTES);
    }
    checkJson(request);
    if (request.length() > MAX_MESSAGE_BYTES && packedLength(request) > MAX_MESSAGE_BYTES) {
      String limit = new ByteSize(MAX_MESSAGE_BYTES).toString();
      throw new WeirException(
          ErrorCode.TOO_LARGE, "Compressed, the JSON takes more than a core does, " + limit + ".");
    }
    return List.of(request);
  }

  /// At the lowest level: what is used never takes more.
  private static int packedLength(Bytes request) {
    return Compression.zstd(request.toArray(), request.length(), 1).length();
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
