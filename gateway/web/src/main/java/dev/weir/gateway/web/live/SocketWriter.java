package dev.weir.gateway.web.live;

import dev.weir.base.Bytes;
import dev.weir.gateway.web.json.JsonText;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.nio.charset.StandardCharsets;

/// Writes to one socket. Any thread.
final class SocketWriter {
  /// RFC 6455 §5.5: a control frame carries 125 bytes, two of them the code.
  private static final int MAX_REASON_BYTES = 123;

  private final Channel channel;
  private final SocketProtocol protocol;
  private final SocketWords words;
  private final Outlet outlet;

  SocketWriter(Channel channel, SocketProtocol protocol) {
    this.channel = channel;
    this.protocol = protocol;
    this.words = new SocketWords(protocol);
    this.outlet = new Outlet(channel);
  }

  /// What can be said.
  SocketWords words() {
    return words;
  }

  SocketProtocol protocol() {
    return protocol;
  }

  Outlet outlet() {
    return outlet;
  }

  /// Without waiting: who has much to say waits for room before.
  void send(JsonText text) {
    Bytes bytes = text.bytes();
    outlet.send(protocol.frame(bytes), bytes.length());
  }

  /// Ends the conversation with a code of RFC 6455 §7.4 and a reason for people.
  void close(int code, String reason) {
    String shown = reason;
    while (shown.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
      shown = shown.substring(0, shown.length() - 1);
    }
    channel
        .writeAndFlush(new CloseWebSocketFrame(code, shown))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
