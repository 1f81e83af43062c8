package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import dev.weir.edge.source.protobuf.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.Snappy;

/// Remote write requests, encoded by hand after the published schemas.
final class WriteRequests {
  private static final long TIME_MILLIS = 1_767_225_600_000L;

  private WriteRequests() {}

  /// Version 1.0: two series, three samples, one exemplar, one histogram, one metadata.
  static Bytes v1() {
    Wire first =
        new Wire()
            .message(1, label("__name__", "http_requests_total"))
            .message(1, label("path", "/größe"))
            .message(2, sample(1.5))
            .message(2, sample(2.5))
            .message(3, new Wire().message(1, label("trace_id", "abc")).real(2, 1));
    Wire second =
        new Wire()
            .message(1, label("__name__", "latency"))
            .message(2, sample(3))
            .message(4, histogram());
    Wire metadata = new Wire().varint(1, 1).text(2, "http_requests_total").text(4, "Requests.");
    return new Wire().message(1, first).message(1, second).message(3, metadata).bytes();
  }

  /// Version 2.0: one series with two samples and an exemplar, one with a histogram.
  static Bytes v2(int lastReference) {
    Wire request = new Wire();
    for (String symbol : new String[] {"", "__name__", "up", "job", "größe", "Help."}) {
      request.text(4, symbol);
    }
    Wire metadata = new Wire().varint(1, 2).varint(3, 5).varint(4, 0);
    Wire first =
        new Wire()
            .varints(1, 1, 2, 3, lastReference)
            .message(2, sample(1))
            .message(2, sample(0))
            .message(4, new Wire().varints(1, 3, 4).real(2, 1))
            .message(5, metadata);
    Wire second = new Wire().varints(1, 1, 4).message(3, histogram());
    return request.message(5, first).message(5, second).bytes();
  }

  /// Version 2.0 with three references for a pair of labels.
  static Bytes v2Odd() {
    Wire series = new Wire().varints(1, 0, 1, 1).message(2, sample(1));
    return new Wire().text(4, "").text(4, "a").message(5, series).bytes();
  }

  /// Version 1.0 with a label that is not UTF-8.
  static Bytes brokenText() {
    Wire label = new Wire().text(1, "__name__").raw(2, (byte) 0xff);
    return new Wire().message(1, new Wire().message(1, label)).bytes();
  }

  static Bytes snappy(Bytes plain) {
    ByteBuf out = Unpooled.buffer();
    new Snappy().encode(Unpooled.wrappedBuffer(plain.toArray()), out, plain.length());
    byte[] packed = new byte[out.readableBytes()];
    out.readBytes(packed);
    return Bytes.wrap(packed);
  }

  private static Wire label(String name, String value) {
    return new Wire().text(1, name).text(2, value);
  }

  private static Wire sample(double value) {
    return new Wire().real(1, value).varint(2, TIME_MILLIS);
  }

  private static Wire histogram() {
    return new Wire()
        .varint(1, 3)
        .real(3, 7.5)
        .message(11, new Wire().varint(1, 0).varint(2, 2))
        .varints(12, 2, 4)
        .varint(15, TIME_MILLIS);
  }
}
