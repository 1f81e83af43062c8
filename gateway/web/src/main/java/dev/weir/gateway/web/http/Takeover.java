package dev.weir.gateway.web.http;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.FullHttpRequest;

/// The connection goes on as something else.
public non-sealed interface Takeover extends Reply {
  /// What takes the connection's last place, before anything is written. On its event loop; the
  /// handler may release nothing of the request.
  ChannelHandler handler(FullHttpRequest request);

  /// The connection was lost before that: gives back what was taken for it.
  void abandon();
}
