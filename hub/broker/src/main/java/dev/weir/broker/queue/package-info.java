/// The pure machine of one queue: what is ready, held, waiting and gone. No I/O, no threads, the
/// clock is given; the owner reads the log and keeps the records.
@NullMarked
package dev.weir.broker.queue;

import org.jspecify.annotations.NullMarked;
