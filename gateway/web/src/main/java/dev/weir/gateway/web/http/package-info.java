/// What the web's doors share of HTTP/1.x: connections, routes, answers, problems, limits.
@NullMarked
package dev.weir.gateway.web.http;

import org.jspecify.annotations.NullMarked;
