package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.gateway.web.json.CborReader;
import dev.weir.gateway.web.json.JsonReader;
import dev.weir.gateway.web.json.JsonText;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The subprotocols of sockets: the same objects, in two encodings.
enum SocketProtocol {
  /// Texts of JSON.
  JSON("weir.json.v1"),
  /// Binary frames of CBOR, with numbers for names.
  BINARY("weir.bin.v1");

  /// An array of indefinite length, and its end (RFC 8949 §3.2.1).
  private static final int CBOR_ARRAY = 0x9f;

  private static final int CBOR_BREAK = 0xff;

  private final String label;

  SocketProtocol(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /// The first one that a client names and that is known; JSON when it names none.
  static Optional<SocketProtocol> chosen(Optional<String> header) {
    return header.isEmpty()
        ? Optional.of(JSON)
        : Arrays.stream(header.get().split(",", -1))
            .map(String::strip)
            .flatMap(name -> Arrays.stream(values()).filter(each -> each.label.equals(name)))
            .findFirst();
  }

  /// Both, for people.
  static String labels() {
    return JSON.label + " or " + BINARY.label;
  }

  JsonText begin() {
    return switch (this) {
      case JSON -> new JsonText();
      case BINARY -> JsonText.cbor();
    };
  }

  /// @throws dev.weir.base.WeirException when it is no object of this encoding and no array of such
  SocketFrame read(Bytes frame) {
    return SocketFrame.of(
        switch (this) {
          case JSON -> JsonReader.read(frame);
          case BINARY -> CborReader.read(frame);
        });
  }

  /// An array of objects.
  Bytes several(List<Bytes> objects) {
    int length = objects.stream().mapToInt(Bytes::length).sum();
    ByteArrayOutputStream all = new ByteArrayOutputStream(length + objects.size() + 1);
    all.write(this == JSON ? '[' : CBOR_ARRAY);
    for (int i = 0; i < objects.size(); i++) {
      if (i > 0 && this == JSON) {
        all.write(',');
      }
      Bytes object = objects.get(i);
      all.write(object.array(), object.arrayOffset(), object.length());
    }
    all.write(this == JSON ? ']' : CBOR_BREAK);
    return Bytes.wrap(all.toByteArray());
  }

  WebSocketFrame frame(Bytes bytes) {
    return switch (this) {
      case JSON -> new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes.buffer()));
      case BINARY -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes.buffer()));
    };
  }
}
