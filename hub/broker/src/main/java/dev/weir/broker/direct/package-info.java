/// Durable queues: the pure machines of `dev.weir.broker.queue` over a stream and a journal.
@NullMarked
package dev.weir.broker.direct;

import org.jspecify.annotations.NullMarked;
