/// Connections that go on: Server-Sent Events and WebSocket.
@NullMarked
package dev.weir.gateway.web.live;

import org.jspecify.annotations.NullMarked;
