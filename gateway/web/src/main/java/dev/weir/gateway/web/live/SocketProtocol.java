package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.gateway.web.json.CborReader;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonReader;
import dev.weir.gateway.web.json.JsonText;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.Optional;

/// The subprotocols of sockets: the same objects, in two encodings.
enum SocketProtocol {
  /// Texts of JSON.
  JSON("weir.json.v1"),
  /// Binary frames of CBOR, with numbers for names.
  BINARY("weir.bin.v1");

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

  /// @throws dev.weir.base.WeirException when it is no object of this encoding
  JsonFields read(Bytes frame) {
    return JsonFields.of(
        "The frame",
        switch (this) {
          case JSON -> JsonReader.read(frame);
          case BINARY -> CborReader.read(frame);
        });
  }

  WebSocketFrame frame(Bytes bytes) {
    return switch (this) {
      case JSON -> new TextWebSocketFrame(Unpooled.wrappedBuffer(bytes.buffer()));
      case BINARY -> new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes.buffer()));
    };
  }
}
