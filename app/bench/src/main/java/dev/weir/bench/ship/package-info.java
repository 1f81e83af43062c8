/// `weir bench ship`: how fast messages of an edge are safe at a core, over paths to order.
@NullMarked
package dev.weir.bench.ship;

import org.jspecify.annotations.NullMarked;
