/// Batches, and the durable log that holds them until a core has them.
@NullMarked
package dev.weir.edge.spool;

import org.jspecify.annotations.NullMarked;
