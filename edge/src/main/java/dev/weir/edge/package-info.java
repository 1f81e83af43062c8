/// The collector: sources, batcher, durable spool, uplink.
@NullMarked
package dev.weir.edge;

import org.jspecify.annotations.NullMarked;
