/// The doors of the web: REST, Server-Sent Events and WebSocket on the core's one port.
@NullMarked
package dev.weir.gateway.web;

import org.jspecify.annotations.NullMarked;
