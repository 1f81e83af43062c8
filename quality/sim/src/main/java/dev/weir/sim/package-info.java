/// Deterministic simulations: no threads, no clock but the simulated one, one seed.
@NullMarked
package dev.weir.sim;

import org.jspecify.annotations.NullMarked;
