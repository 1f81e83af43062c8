/// The demonstration: a core, three synthetic edges, one live screen, an outage to order.
@NullMarked
package dev.weir.dev;

import org.jspecify.annotations.NullMarked;
