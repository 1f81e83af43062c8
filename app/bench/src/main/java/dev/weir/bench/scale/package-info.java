/// How large a hub may grow: many topics, subscribers, sockets, and messages in a queue.
@NullMarked
package dev.weir.bench.scale;

import org.jspecify.annotations.NullMarked;
