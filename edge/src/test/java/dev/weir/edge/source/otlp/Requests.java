package dev.weir.edge.source.otlp;

import dev.weir.base.Bytes;
import dev.weir.edge.source.protobuf.Wire;

/// Export requests, encoded by hand.
final class Requests {
  private Requests() {}

  /// One log record.
  static Bytes logs(String text) {
    Wire record =
        new Wire()
            .fixed64(1, 1_767_225_600_000_000_000L)
            .varint(2, 9)
            .text(3, "INFO")
            .message(5, new Wire().text(1, text))
            .message(6, attribute("k", "v"))
            .raw(9, new byte[16]);
    Wire scope = new Wire().message(1, new Wire().text(1, "scope")).message(2, record);
    Wire resource = new Wire().message(1, attribute("service.name", "test"));
    return new Wire().message(1, new Wire().message(1, resource).message(2, scope)).bytes();
  }

  /// A log record whose text is not UTF-8.
  static Bytes brokenText() {
    Wire record = new Wire().message(5, new Wire().raw(1, (byte) 'a', (byte) 0xff));
    return new Wire().message(1, new Wire().message(2, new Wire().message(2, record))).bytes();
  }

  /// A request cut off within its last field.
  static Bytes half() {
    Bytes whole = logs("cut off");
    return whole.slice(0, whole.length() - 3);
  }

  private static Wire attribute(String key, String value) {
    return new Wire().text(1, key).message(2, new Wire().text(1, value));
  }
}
